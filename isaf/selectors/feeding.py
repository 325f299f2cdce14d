"""What one invoice gives to preliminary returns: in which box its amounts stand, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from isaf.models import (
    Contribution,
    Invoice,
    PreliminaryReturn,
    Register,
    ReturnDecision,
    ReturnTotal,
    ReturnVersion,
)
from isaf.returns.boxes import Sums
from isaf.returns.standing import Counted
from isaf.selectors.contributions import counterparty_of
from representation.types import Acting

Gift = tuple[Counted, str]
"""A standing, and the name of a rule; empty where none applies."""


@dataclass(frozen=True, slots=True)
class Feeding:
    """What an invoice gives to the newest version of one return, by standing and rule."""

    version: ReturnVersion
    gifts: Mapping[Gift, Sums]


def feedings_of(acting: Acting, register: Register, invoice: Invoice) -> Sequence[Feeding]:
    """Return what an invoice of a register gives to the taxpayer's returns, the latest first.

    Five queries, whatever the size of the returns: rows are looked for under the totals a version
    has (docs/isaf/returns.md, Cost). Returns it gives nothing to are left out.
    """
    versions = _versions(acting, register, invoice)
    places: dict[int, Q] = {version.pk: Q() for version in versions}
    for total in ReturnTotal.objects.filter(version__in=versions):
        places[total.version_id] |= Q(standing=total.standing, rule=total.rule)
    which = Q()
    for version in versions:
        if places[version.pk]:
            which |= Q(month=version.of.start, version_id=version.pk) & places[version.pk]
    gifts: dict[int, dict[Gift, Sums]] = {}
    rows = Contribution.objects.filter(
        which, kind="I", period_start=invoice.period_start, part_id=invoice.part_id,
        position=invoice.position,
    ).order_by("row_no", "of_row") if which else ()  # fmt: skip
    for row in rows:
        of_version = gifts.setdefault(row.version_id, {})
        gift = (Counted(row.standing), row.rule)
        of_version[gift] = of_version.get(gift, Sums()) + Sums(
            1, row.taxable, row.vat, row.direct, row.shared
        )
    return [Feeding(one, gifts[one.pk]) for one in versions if one.pk in gifts]


def _versions(acting: Acting, register: Register, invoice: Invoice) -> Sequence[ReturnVersion]:
    """Return the newest versions of the returns that read the invoice: its own, the later one."""
    wanted = Q(start__lte=register.start, end__gte=register.end)
    postponed = ReturnDecision.objects.filter(
        taxpayer_id=register.taxpayer_id,
        side=invoice.side,
        number_norm=invoice.number_norm,
        counterparty=counterparty_of(invoice),
    ).exclude(until=None)
    for until in postponed.values_list("until", flat=True):
        wanted |= Q(start__lte=until, end__gte=until)
    newest = ReturnVersion.objects.select_related("of").order_by("-number")
    found = PreliminaryReturn.objects.visible_to(acting).filter(wanted).order_by("-start", "-form")
    with_versions = found.prefetch_related(Prefetch("versions", queryset=newest))
    versions = (next(iter(one.versions.all()), None) for one in with_versions)
    return [version for version in versions if version]
