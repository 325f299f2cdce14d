"""Reads about the consignor's rule of VA-119, 7 p.; i.VAZ asks them."""

from collections.abc import Sequence
from dataclasses import dataclass

from representation.models import Taxpayer, WaybillRule, WaybillSubmitter


@dataclass(frozen=True, slots=True)
class Submitters:
    """Who may submit waybills naming a consignor."""

    only_listed: bool
    codes: Sequence[str]


def submitters_of(taxpayer_id: int) -> Submitters:
    """Return the consignor's rule; who has made none lets everybody."""
    listed = WaybillSubmitter.objects.listed_by(taxpayer_id).values_list("code", flat=True)
    rule = WaybillRule.objects.filter(taxpayer_id=taxpayer_id).first()
    return Submitters(rule is not None and rule.only_listed, tuple(listed))


def may_submit_waybills(consignor_id: int, submitter_code: str) -> bool:
    """Tell whether this taxpayer may now submit waybills naming the consignor.

    The consignor himself always may; whether a person may act for the submitter is another
    question (`services.acting_of`).
    """
    if not WaybillRule.objects.filter(taxpayer_id=consignor_id, only_listed=True).exists():
        return True
    listed = WaybillSubmitter.objects.listed_by(consignor_id).filter(code=submitter_code)
    himself = Taxpayer.objects.filter(pk=consignor_id, code=submitter_code)
    return himself.exists() or listed.exists()
