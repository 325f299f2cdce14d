"""Who may use a.VAZ, what was announced there, and when which subsystem was away."""

from avaz.models.accesses import Access, CodeLetter, Person
from avaz.models.fallbacks import Fallback
from avaz.models.outages import Outage

__all__ = ["Access", "CodeLetter", "Fallback", "Outage", "Person"]
