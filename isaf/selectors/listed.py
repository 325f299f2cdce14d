"""The lines of FR0564: what was supplied to each VAT payer of the EU."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection

from imas.kernel.identifiers import eu_vat_is_valid
from imas.kernel.money import ZERO
from isaf.models import ReturnVersion
from isaf.returns.boxes import in_euros
from isaf.returns.rules import rules_on
from isaf.sql import returns as sql


@dataclass(frozen=True, slots=True)
class Listed:
    """A line: the buyer's country and VAT code, and the taxable values by column, in euros."""

    country: str
    code: str
    name: str
    goods: Decimal
    triangular: Decimal
    services: Decimal

    @property
    def in_euros(self) -> tuple[int, int, int]:
        """The columns E13, E14 and E18 in whole euros."""
        return in_euros(self.goods), in_euros(self.triangular), in_euros(self.services)

    @property
    def has_valid_code(self) -> bool:
        """Whether the VAT code has the form of its country."""
        return eu_vat_is_valid(self.country + self.code)


def changed_lines(version: ReturnVersion) -> Sequence[Listed]:
    """Return the lines that are not what the last confirmed version before had, in whole euros.

    A buyer who is no longer listed comes with nought in every column.
    """
    confirmed = version.of.versions.filter(confirmed_at__isnull=False, number__lt=version.number)
    before = confirmed.order_by("-number").select_related("of").first()
    held = {(one.country, one.code): one for one in listed(before)} if before else {}
    changed = []
    for one in listed(version):
        was = held.pop((one.country, one.code), None)
        if was is None or was.in_euros != one.in_euros:
            changed.append(one)
    gone = (replace(one, goods=ZERO, triangular=ZERO, services=ZERO) for one in held.values())
    return sorted((*changed, *gone), key=lambda one: (one.country, one.code))


def listed(version: ReturnVersion) -> Sequence[Listed]:
    """Return the lines of a version of FR0564, by country and code."""
    rules = rules_on(version.of.start).values()
    fed = {
        field: [rule.name for rule in rules if rule.list_field == field]
        for field in ("E13", "E14", "E18")
    }
    with connection.cursor() as cursor:
        cursor.execute(
            sql.LISTED,
            {
                "since": version.of.start,
                "version": version.pk,
                "goods": fed["E13"],
                "triangular": fed["E14"],
                "services": fed["E18"],
            },
        )
        return [Listed(*row) for row in cursor.fetchall()]
