"""What the front desk does: take in, have judged, look after what was lost."""

from intake.services.judging import process
from intake.services.receiving import receive
from intake.services.sweeping import sweep

__all__ = ["process", "receive", "sweep"]
