"""What officers see of waybills at a check on the road, and the authority of their searches."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ivaz import selectors
from ivaz.models import RoadsideSearch, Waybill, WaybillFile
from ivaz.pages.waybills import WaybillPage, WaybillRow, told
from ivaz.types import Institution, RoadsideMeans, RoadsideReason
from ivaz.words import INSTITUTIONS, ROADSIDE_MEANS, ROADSIDE_REASONS


class RoadsidePage(WaybillPage):
    """A whole waybill to read: no documents, nothing to do, no way to other waybills."""

    has_links = False

    def __init__(self, waybill: Waybill) -> None:
        super().__init__(waybill, frozenset())

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """What was done, the latest first, without the names of documents."""
        return [told(event) for event in selectors.events_for_officers(self.waybill)]

    @cached_property
    def files(self) -> Sequence[WaybillFile]:
        """Documents are for the parties."""
        return ()


class LogRow:
    """A search as the authority reads it."""

    def __init__(self, made: RoadsideSearch) -> None:
        self.made = made
        self.institution = INSTITUTIONS[Institution(made.institution)]
        self.reason = ROADSIDE_REASONS[RoadsideReason(made.reason)]
        self.means = ROADSIDE_MEANS[RoadsideMeans(made.means)]

    @property
    def opened(self) -> list[str]:
        """The RNs of what was opened, each once."""
        return list(dict.fromkeys(one.waybill.rn for one in self.made.openings.all()))


def rows_of(found: Sequence[Waybill]) -> list[WaybillRow]:
    """Return what a search found as rows of a list."""
    return [WaybillRow(one, ()) for one in found]
