"""What a return is held against: its version before, earlier periods, what was filed in the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from isaf.models import PreliminaryReturn, ReturnVersion
from isaf.selectors import returns

Boxes = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """A number of another return beside a box; None where there is nothing to say."""

    title: str
    number: int | None
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The boxes of another return. `must_agree`: the two ought to say the same."""

    title: str
    boxes: Boxes
    must_agree: bool = False
    only_changes: bool = False

    def beside(self, box: str, shown: int) -> Compared:
        """Return what stands beside a box that shows a number."""
        number = self.boxes.get(box)
        differs = number is not None and number != shown
        if self.only_changes and not differs:
            return Compared(self.title, None)
        return Compared(self.title, number, differs and self.must_agree)


class Comparisons:
    """The columns beside the boxes of a version."""

    def __init__(self, found: PreliminaryReturn, version: ReturnVersion | None) -> None:
        self._found = found
        self._version = version

    @cached_property
    def versions(self) -> list[ReturnVersion]:
        """Every version of the return, the newest first."""
        return list(self._found.versions.all())

    @cached_property
    def history(self) -> list[PreliminaryReturn]:
        """Returns of the same form and length before it, the latest first."""
        return list(returns.earlier_ones(self._found))

    @cached_property
    def columns(self) -> list[Column]:
        """What is to be shown beside the boxes."""
        return [column for column in self._every() if column.boxes]

    def _every(self) -> Iterator[Column]:
        yield Column(_("Filed"), self._found.filed_boxes or {}, must_agree=True)
        if self._before != (self._version.boxes if self._version else {}):
            yield Column(_("Version before"), self._before, only_changes=True)
        if self.history:
            yield Column(_("Period before"), returns.boxes_of(self.history[0]))
        if last_year := self._last_year():
            yield Column(_("A year before"), returns.boxes_of(last_year))

    @property
    def _before(self) -> Boxes:
        earlier = (
            one for one in self.versions if self._version and one.number < self._version.number
        )
        before = next(earlier, None)
        return before.boxes if before else {}

    def _last_year(self) -> PreliminaryReturn | None:
        day = self._found.start.replace(year=self._found.start.year - 1)
        return next((one for one in self.history if one.start == day), None)
