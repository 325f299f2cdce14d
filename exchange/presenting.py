"""Roles and deliveries as pages show them, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from exchange.configuring import OtherSystem
from exchange.messages import FAULTS, REASONS
from exchange.models import RoleDelivery
from exchange.roles import role_words
from exchange.selectors import Holder
from exchange.types import PROMISED
from imas.kernel import clock


def system_shown(system: OtherSystem) -> dict[str, str]:
    """Return a system with its words."""
    language = get_language() or "lt"
    return {
        "key": system.key,
        "name": system.words(language),
        "about": system.about_words(language),
    }


def roles_shown(system: str, roles: Iterable[str]) -> list[str]:
    """Return the names of roles."""
    language = get_language() or "lt"
    return [role_words(system, code, language) for code in roles]


def holder_shown(holder: Holder, system: OtherSystem) -> dict[str, Any]:
    """Return a representative with the roles and what the other system knows of them."""
    given = holder.assignment
    return {
        "holder": holder,
        "roles": roles_shown(system.key, given.roles) if given else [],
        "ended": str(REASONS.get(given.ended_because, "")) if given else "",
        "state": delivery_shown(holder.newest, system) if holder.newest else None,
    }


def delivery_shown(delivery: RoleDelivery, system: OtherSystem) -> dict[str, Any]:
    """Return how far a message got: a tone and a word, when, and what stands in the way."""
    shown = _standing(delivery, system.words(get_language() or "lt"))
    return {"delivery": delivery, "roles": roles_shown(system.key, delivery.roles), **shown}


def _standing(delivery: RoleDelivery, name: str) -> dict[str, Any]:
    if delivery.delivered_at:
        word = pgettext("roles", "Delivered")
        return {"tone": "success", "word": word, "at": delivery.delivered_at}
    if delivery.refused_at:
        text = gettext("%(system)s says: %(words)s")
        said = text % {"system": name, "words": delivery.answer}
        word = gettext("Refused by the other system")
        return {"tone": "danger", "word": word, "at": delivery.refused_at, "text": said}
    if delivery.superseded_at:
        word = gettext("Replaced by a later change")
        return {"tone": "neutral", "word": word, "at": delivery.superseded_at}
    if not delivery.attempts:
        text = gettext("Data reach the other system within 15 minutes.")
        return {"tone": "progress", "word": gettext("Waits to be delivered"), "text": text}
    return _retrying(delivery, name)


def _retrying(delivery: RoleDelivery, name: str) -> dict[str, Any]:
    text = gettext("%(system)s was called (times: %(attempts)s): %(fault)s.")
    fault = _fault(delivery.answer)
    said = text % {"system": name, "attempts": delivery.attempts, "fault": fault}
    is_late = clock.now() - delivery.created_at > PROMISED
    return {
        "tone": "danger" if is_late else "warning",
        "word": gettext("Not delivered yet"),
        "text": said,
        "next_at": delivery.due_at,
    }


def _fault(answer: str) -> str:
    """Say in words why a call failed; a bare number is the status of the answer."""
    if answer.isdigit():
        return gettext("it answered %(status)s") % {"status": answer}
    return str(FAULTS.get(answer, answer)) or gettext("it does not answer")
