"""Mandates in words."""

from collections.abc import Iterable, Mapping

from django import template

from representation import limits

register = template.Library()


@register.filter
def limit_words(narrowed: Mapping[str, Iterable[str]]) -> list[str]:
    """Return limits in the reader's language, a line for each kind."""
    return limits.words(narrowed)
