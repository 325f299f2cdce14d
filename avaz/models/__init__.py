"""Who may use a.VAZ, what was announced there, and when which subsystem was away."""

from avaz.models.accesses import Access, CodeLetter, Person
from avaz.models.fallbacks import Fallback, FallbackQuerySet
from avaz.models.outages import Outage, OutageNotice, OutageVersion

__all__ = [
    "Access",
    "CodeLetter",
    "Fallback",
    "FallbackQuerySet",
    "Outage",
    "OutageNotice",
    "OutageVersion",
    "Person",
]
