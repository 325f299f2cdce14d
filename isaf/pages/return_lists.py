"""FR0564 as its page shows it: a line for each buyer, held against the VAT return."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from imas.kernel.money import ZERO
from isaf.models import PreliminaryReturn
from isaf.pages.returns import ReturnPage
from isaf.returns.boxes import in_euros
from isaf.returns.forms import FormName, annexes_on
from isaf.selectors import returns
from isaf.selectors.listed import Listed, listed
from isaf.words import returns as words

_HELD_AGAINST = (("18", "goods"), ("20", "services"))


class ListPage:
    """The lines of a version of FR0564, their sums, and whether the VAT return says the same."""

    def __init__(self, page: ReturnPage) -> None:
        self.page = page

    @cached_property
    def lines(self) -> Sequence[Listed]:
        """The lines, by country and VAT code."""
        assert self.page.version  # noqa: S101 - the view asked
        return listed(self.page.version)

    @property
    def sums(self) -> list[int]:
        """The columns in whole euros, as the form sums its lines."""
        return [sum(column) for column in zip(*(one.in_euros for one in self.lines), strict=True)]

    @property
    def wrong_codes(self) -> int:
        """How many buyers have a VAT code that is none."""
        return sum(not line.has_valid_code for line in self.lines)

    @property
    def annexes(self) -> list[tuple[str, Any]]:
        """The annexes of the period with what they tell; none of them is drawn up."""
        return [
            (annex.name, words.ANNEXES[annex.name]) for annex in annexes_on(self.page.found.start)
        ]

    @cached_property
    def vat_return(self) -> PreliminaryReturn | None:
        """FR0600 of the same period, if it is drawn up."""
        return returns.sibling(self.page.found, FormName.RETURN)

    @property
    def held_against(self) -> Iterator[dict[str, Any]]:
        """What the VAT return says in boxes 18 and 20, beside the sums of the list.

        Box 20 holds services supplied outside the EU too, so it may be larger.
        """
        boxes = returns.boxes_of(self.vat_return) if self.vat_return else {}
        for box, column in _HELD_AGAINST if boxes else ():
            here = in_euros(sum((getattr(line, column) for line in self.lines), ZERO))
            there = boxes.get(box, 0)
            yield {
                "box": box,
                "name": words.box_name(self._box(box)),
                "here": here,
                "there": there,
                "agrees": here == there if box == "18" else here <= there,
            }

    def _box(self, number: str) -> Any:
        return returns.box_of(self.page.found, number)
