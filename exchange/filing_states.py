"""What the codes of EDS mean for a return that was handed over."""

from collections.abc import Mapping

from exchange import eds_messages as eds
from exchange.models import Filing
from isaf.filing import FilingState

FINAL = frozenset(
    {
        FilingState.REFUSED,
        FilingState.REMOVED,
        FilingState.EXPIRED,
        FilingState.ACCEPTED,
        FilingState.ACCEPTED_WITH_ERRORS,
        FilingState.ANNULLED,
        FilingState.REJECTED,
    }
)
"""States after which EDS is not asked any more."""

_FILES: Mapping[int, FilingState] = {
    eds.FILE_CONFIRMED: FilingState.CONFIRMED,
    eds.FILE_UNCONFIRMED: FilingState.UNCONFIRMED,
    eds.FILE_REMOVED: FilingState.REMOVED,
    eds.FILE_EXPIRED: FilingState.EXPIRED,
}
_DECLARATIONS: Mapping[int, FilingState] = {
    9: FilingState.FILED,
    eds.FILED: FilingState.FILED,
    eds.ACCEPTED: FilingState.ACCEPTED,
    eds.ACCEPTED_WITH_ERRORS: FilingState.ACCEPTED_WITH_ERRORS,
    eds.HELD: FilingState.HELD,
    eds.ANNULLED: FilingState.ANNULLED,
    eds.NOT_ACCEPTED: FilingState.REJECTED,
    eds.REJECTED: FilingState.REJECTED,
    eds.REJECTED_IN_AUDIT: FilingState.REJECTED,
    115: FilingState.FILED,
}


def state_of(filing: Filing) -> FilingState:
    """Return where a filing stands: as its declaration does, else its file."""
    if filing.error:
        return FilingState.REFUSED
    told = _DECLARATIONS.get(filing.declaration_state or 0) or _FILES.get(filing.file_state or 0)
    return told or (FilingState.UNCONFIRMED if filing.file_id else FilingState.QUEUED)
