"""How the states of cross-check reports are called on pages."""

from django import template

from isaf.words.crosscheck import REPORT_STATES

register = template.Library()


@register.filter
def report_state(value: str) -> str:
    """Say how far a report is."""
    return str(REPORT_STATES[value])
