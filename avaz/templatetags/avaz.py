"""Words of outages and announcements, for templates."""

from django import template

from avaz.words import EFFECTS, HOWS, REASONS, SUBSYSTEMS

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
