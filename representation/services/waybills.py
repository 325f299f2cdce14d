"""The consignor's rule of VA-119, 7 p.: who may submit waybills that name him."""

from collections.abc import Collection

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from imas.kernel.identifiers import TaxpayerCodeKind, taxpayer_code_kind
from representation.models import Taxpayer, WaybillRule, WaybillSubmitter
from representation.services.journal import journal
from representation.types import Acting

RIGHT = "ivaz.settings"
MOST_LISTED = 200


@transaction.atomic
def save_waybill_rule(acting: Acting, *, only_listed: bool, codes: Collection[str]) -> None:
    """Let everybody, or only the listed, submit waybills naming the taxpayer; the list is kept.

    Whether somebody has a code is not asked, so that nobody can fish for codes here; a code that
    cannot be one: `UnprocessableError`.
    """
    acting.require(RIGHT)
    wanted = {code.strip() for code in codes if code.strip()}
    _refuse_wrong(wanted)
    Taxpayer.objects.select_for_update().get(pk=acting.taxpayer_id)
    now = clock.now()
    WaybillRule.objects.update_or_create(
        taxpayer_id=acting.taxpayer_id, defaults={"only_listed": only_listed, "changed_at": now}
    )
    listed = WaybillSubmitter.objects.listed_by(acting.taxpayer_id)
    held = set(listed.values_list("code", flat=True))
    listed.filter(code__in=held - wanted).update(removed_at=now)
    WaybillSubmitter.objects.bulk_create(
        WaybillSubmitter(taxpayer_id=acting.taxpayer_id, code=code, added_at=now)
        for code in sorted(wanted - held)
    )
    journal(
        acting,
        "ivaz.submitters-saved",
        "only-listed" if only_listed else "everybody",
        added=_told(wanted - held),
        removed=_told(held - wanted),
    )


def _refuse_wrong(codes: Collection[str]) -> None:
    wrong = sorted(code for code in codes if taxpayer_code_kind(code) is None)
    if wrong:
        raise UnprocessableError("waybill-code-invalid", typed=wrong[0][:32])
    if len(codes) > MOST_LISTED:
        raise UnprocessableError("waybill-too-many", limit=str(MOST_LISTED))


def _told(codes: Collection[str]) -> str:
    """Codes as the journal may keep them for ever: personal codes are only counted."""
    personal = {code for code in codes if taxpayer_code_kind(code) == TaxpayerCodeKind.PERSONAL}
    named = sorted(set(codes) - personal)
    return ", ".join([*named, *([f"+{len(personal)}"] if personal else [])])
