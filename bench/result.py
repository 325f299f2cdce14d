"""One measurement and what it is compared with."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of ours and of the reference for the same work in the same run.

    `peak_mb` is the largest memory at one moment of all our processes that did the work, without
    the database server; each process counts what it shares with nobody.
    """

    name: str
    size: int
    seconds: float
    reference: str
    reference_seconds: float
    peak_mb: float
    notes: str = ""

    @property
    def ratio(self) -> float:
        """How many times the reference's time ours took."""
        return self.seconds / self.reference_seconds

    def as_json(self) -> dict[str, Any]:
        """Return the object that `python -m bench NAME --json` prints."""
        rounded = {
            "seconds": round(self.seconds, 4),
            "reference_seconds": round(self.reference_seconds, 4),
            "ratio": round(self.ratio, 3),
            "peak_mb": round(self.peak_mb, 1),
        }
        return {**asdict(self), **rounded}
