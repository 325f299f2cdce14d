"""What the operators watch: how much waits, for how long, and how much has failed."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from imas.kernel import clock
from imas.web.metrics import FIGURES
from intake.models import Document
from intake.types import DocumentState


class DocumentCollector(Collector):
    """Counts in the database when it is asked, so that any process gives the same figures."""

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: the database is not asked at the start."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Count documents by state (those an operator can do something about)."""
        documents = GaugeMetricFamily("imas_documents", "Documents by state.", labels=["state"])
        for state in (DocumentState.UPLOADED, DocumentState.PROCESSING, DocumentState.FAILED):
            documents.add_metric([state], Document.objects.filter(state=state).count())
        yield documents
        oldest = Document.objects.waiting().order_by("received_at").first()
        age = (clock.now() - oldest.received_at).total_seconds() if oldest else 0
        yield GaugeMetricFamily(
            "imas_document_oldest_seconds", "Age of the oldest document that waits.", value=age
        )


def register() -> None:
    """Let /metrics show the documents."""
    FIGURES.register(DocumentCollector())
