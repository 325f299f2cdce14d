"""What can be done about mandates, and the journal every write ends with."""

from representation.services.acting import acting_of
from representation.services.journal import journal

__all__ = ["acting_of", "journal"]
