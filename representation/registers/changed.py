"""Whose published data has changed: the codes to ask for anew, in the order of the changes.

Files are taken in one at a time (`representation.registers.storing`), so the numbers of changes
become visible in their order and a cursor misses none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Max, Prefetch

from representation.models import RegisterChange, VatRegistration
from representation.registers.types import RegisterKind
from representation.types import TaxpayerKind

PUBLISHED_KINDS = (
    RegisterKind.TAXPAYERS,
    RegisterKind.ENDINGS,
    RegisterKind.VAT,
    RegisterKind.FARMERS,
)
"""Registers of which something is told; who heads or works for whom is nobody's to follow."""
PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class ChangedCodes:
    """Codes and VAT codes whose answers may have changed; `next` is where to go on from."""

    codes: list[str]
    next: int


def codes_changed_after(after: int) -> ChangedCodes:
    """Return the codes that up to PAGE_SIZE changes after one touched, each once; two queries.

    A natural person is told by VAT codes alone, those he had and those he has.
    """
    held = Prefetch(
        "taxpayer__vat_registrations", VatRegistration.objects.only("vat_code", "taxpayer")
    )
    rows = (
        RegisterChange.objects.filter(pk__gt=after, run__kind__in=PUBLISHED_KINDS)
        .select_related("taxpayer", "run")
        .prefetch_related(held)
        .order_by("pk")[:PAGE_SIZE]
    )
    found = list(rows)
    codes = dict.fromkeys(code for row in found for code in _codes(row) if code)
    return ChangedCodes(list(codes), found[-1].pk if found else after)


def latest_change() -> int:
    """Return the number of the newest change, 0 before the first."""
    return RegisterChange.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _codes(change: RegisterChange) -> Iterator[str]:
    taxpayer = change.taxpayer
    if taxpayer.kind != TaxpayerKind.NATURAL:
        yield taxpayer.code
    if change.run.kind == RegisterKind.VAT:
        yield from _told((change.before, change.after))
    yield from (one.vat_code for one in taxpayer.vat_registrations.all())


def _told(sides: Iterable[dict[str, str] | None]) -> Iterator[str]:
    yield from ((side or {}).get("value") or "" for side in sides)
