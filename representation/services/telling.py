"""Telling the other side what became of a mandate, and everybody that a key is about to end."""

from datetime import timedelta

from accounts.models import ApiKey, Certificate, Credential
from imas.kernel.clock import VILNIUS
from representation import notices
from representation.models import Mandate, MandateMove, Taxpayer
from representation.types import MandateSource, MandateState, TaxpayerKind

_GIVER_PAGE = "representation:representatives"
_FIRM_PAGE = "representation:clients"
_PAGES = {ApiKey: "representation:keys", Certificate: "representation:certificates"}
_KINDS = {ApiKey: "key", Certificate: "certificate"}

_ENDS = {
    MandateState.REVOKED: ("mandate-revoked", "holder"),
    MandateState.RENOUNCED: ("mandate-renounced", "giver"),
    MandateState.EXPIRED: ("mandate-expired", "both"),
    MandateState.ACTIVE: ("mandate-changed", "holder"),
}
_OFFER = {
    MandateState.ACTIVE: ("offer-accepted", "giver"),
    MandateState.DECLINED: ("offer-declined", "giver"),
    MandateState.EXPIRED: ("offer-unanswered", "giver"),
    MandateState.WITHDRAWN: ("offer-withdrawn", "holder"),
}
_REQUEST = {
    MandateState.ACTIVE: ("request-accepted", "holder"),
    MandateState.DECLINED: ("request-declined", "holder"),
    MandateState.EXPIRED: ("request-unanswered", "holder"),
    MandateState.WITHDRAWN: ("request-withdrawn", "giver"),
}
_OPENED = {
    MandateState.OFFERED: ("offered", "holder"),
    MandateState.REQUESTED: ("requested", "giver"),
}
_QUIET_OFFER = {MandateState.DECLINED, MandateState.EXPIRED, MandateState.WITHDRAWN}
"""What becomes of an offer that no second administrator has approved: nobody has heard of it."""
_QUIET_REQUEST = {MandateState.REQUESTED}
"""An acceptance taken back: the other side has not heard of it."""
_OF_BUNDLES = {
    "offer-accepted": "bundle-accepted",
    "offer-declined": "bundle-declined",
    "offer-unanswered": "bundle-unanswered",
}
_TELLS_THAT_HE_EXISTS = {MandateState.DECLINED, MandateState.EXPIRED}


def tell_of_move(mandate: Mandate, before: MandateState | None, move: MandateMove) -> None:
    """Tell the other side what became of a mandate; whoever did it knows.

    Persons have no mailbox of their own: letters go to them. `before` None is a mandate that has
    just been opened, or changed within its state.
    """
    told = _told(mandate, before)
    if told is None or _would_betray(mandate, before):
        return
    code, side = told
    if mandate.bundle and code in _OF_BUNDLES:
        # One act offered them and one answer came: it is told once, under the bundle's own key.
        _post(mandate, _OF_BUNDLES[code], side, key=f"{_OF_BUNDLES[code]}.{mandate.bundle}")
        return
    for box in ("giver", "holder") if side == "both" else (side,):
        _post(mandate, code, box, key=f"{code}.{move.pk}")


def tell_of_ending(mandate: Mandate, days: int) -> None:
    """Say in both boxes that a mandate ends in so many days; the letter to people goes anyway."""
    key = f"mandate-ending.{days}.{mandate.pk}.{mandate.until}"
    for side in ("giver", "holder"):
        _post(mandate, "mandate-ending", side, key=key, tells=False)


def tell_of_credential(credential: Credential, days: int) -> None:
    """Say in the box of every taxpayer that a program's key or certificate is about to end."""
    kind = _KINDS[type(credential)]
    last = (credential.expires_at - timedelta(microseconds=1)).astimezone(VILNIUS).date()
    for taxpayer in Taxpayer.objects.filter(code__in=credential.taxpayer_codes):
        notices.post(
            taxpayer.pk,
            f"{kind}-ending.{days}.{credential.pk}",
            f"representation.{kind}-ending",
            _PAGES[type(credential)],
            name=credential.name,
            label=credential.label,
            until=last.isoformat(),
        )


def _told(mandate: Mandate, before: MandateState | None) -> tuple[str, str] | None:
    state = MandateState(mandate.state)
    asked = mandate.source == MandateSource.REQUEST
    is_held = before == MandateState.AWAITING_SECOND
    if is_held and state in (_QUIET_REQUEST if asked else _QUIET_OFFER):
        return None
    if state in _OPENED:
        return _OPENED[state]
    if before in {None, MandateState.ACTIVE}:
        return _ENDS.get(state)
    return (_REQUEST if asked else _OFFER).get(state)


def _would_betray(mandate: Mandate, before: MandateState | None) -> bool:
    """A refusal of a natural person who was asked would tell the asker that he exists."""
    return (
        before in {MandateState.REQUESTED, MandateState.AWAITING_SECOND}
        and mandate.source == MandateSource.REQUEST
        and mandate.state in _TELLS_THAT_HE_EXISTS
        and mandate.taxpayer.kind == TaxpayerKind.NATURAL
    )


def _post(mandate: Mandate, code: str, side: str, *, key: str, tells: bool = True) -> None:
    giver = mandate.via.firm if mandate.via and mandate.via.firm else mandate.taxpayer
    box = giver.pk if side == "giver" else mandate.firm_id
    if box is None:
        return
    own = side == "giver" and giver.pk == mandate.taxpayer_id
    notices.post(
        box,
        key,
        f"representation.{code}",
        _GIVER_PAGE if own else _FIRM_PAGE,
        tell=tells,
        client=mandate.taxpayer.name,
        giver=giver.name,
        holder=mandate.holder_name,
        until=mandate.until.isoformat(),
    )
