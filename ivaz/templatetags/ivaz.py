"""Records of files in words."""

from typing import Any

from django import template

from intake.presenting import shown
from ivaz.models import RecordVerdict
from ivaz.selectors import KIND
from ivaz.types import Institution, Section
from ivaz.words import INSTITUTIONS, SECTIONS

register = template.Library()


@register.filter
def section_word(section: str) -> Any:
    """Return what kind of record it is."""
    return SECTIONS[Section(section)]


@register.filter
def institution(code: str) -> Any:
    """Return the name of an institution."""
    return INSTITUTIONS[Institution(code)]


@register.filter
def told_problems(row: RecordVerdict) -> list[str]:
    """Return what was found in a record, as sentences."""
    return [shown(KIND, problem).message for problem in row.found]
