"""What the front desk does: take in, have judged, look after what was lost."""

from intake.services.clearing import clear_storage
from intake.services.judging import process
from intake.services.receiving import receive
from intake.services.sweeping import sweep

__all__ = ["clear_storage", "process", "receive", "sweep"]
