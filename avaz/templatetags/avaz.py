"""Words of outages and announcements, for templates."""

from django import template

from avaz.models import Outage
from avaz.words import EFFECTS, HOWS, REASONS, STANDINGS, SUBSYSTEMS
from imas.kernel import clock

register = template.Library()


@register.filter
def subsystem_words(subsystem: str) -> str:
    """Return what does not work."""
    return str(SUBSYSTEMS[subsystem])


@register.filter
def how_words(how: str) -> str:
    """Return how an outage is known."""
    return str(HOWS[how])


@register.filter
def effect_words(effect: str) -> str:
    """Return what an outage does to deadlines."""
    return str(EFFECTS[effect])


@register.filter
def reason_words(reason: str) -> str:
    """Return why it was announced."""
    return str(REASONS[reason])


@register.filter
def standing(outage: Outage) -> dict[str, str]:
    """Return how an outage stands now: its code, its word and its tone."""
    found = outage.standing(clock.now())
    word, tone = STANDINGS[found]
    return {"code": found, "word": str(word), "tone": tone}
