"""Addresses of the i.SAF web service."""

from django.urls import URLPattern, URLResolver, path

from isaf.api.batches import BatchesView
from isaf.api.changes import ChangesView
from isaf.api.classifiers import ClassifierView
from isaf.api.crosschecks import (
    CrossCheckExportView,
    CrossChecksView,
    CrossCheckView,
    PairsView,
)
from isaf.api.deals import DealEntriesView, DealView
from isaf.api.differences import DifferencesView
from isaf.api.einvoices import EInvoiceDeliveryView, EInvoicesView
from isaf.api.evidence import EvidenceView
from isaf.api.files import FileProblemsView, FilesView, FileView
from isaf.api.registers import (
    InvoicesView,
    RegistersView,
    RegisterView,
    RegisterXmlView,
    SubmitView,
)
from isaf.api.returns import (
    ReturnConfirmView,
    ReturnDecisionsView,
    ReturnFiledView,
    ReturnFileView,
    ReturnLinesView,
    ReturnLineView,
    ReturnRowsView,
    ReturnSettingsView,
    ReturnsView,
    ReturnView,
)

_RETURN = "returns/<uuid:return_id>"
_FILE = "files/<uuid:document_id>"
_CROSS_CHECK = "crosschecks/<uuid:crosscheck_id>"
_REGISTER = "registers/<str:number>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("classifiers/<slug:table>", ClassifierView.as_view(), name="api-isaf-classifier"),
    path("batches", BatchesView.as_view(), name="api-isaf-batches"),
    path("files", FilesView.as_view(), name="api-isaf-files"),
    path(_FILE, FileView.as_view(), name="api-isaf-file"),
    path(f"{_FILE}/problems", FileProblemsView.as_view(), name="api-isaf-file-problems"),
    path("registers", RegistersView.as_view(), name="api-isaf-registers"),
    path(_REGISTER, RegisterView.as_view(), name="api-isaf-register"),
    path(f"{_REGISTER}/invoices", InvoicesView.as_view(), name="api-isaf-invoices"),
    path(f"{_REGISTER}/register.xml", RegisterXmlView.as_view(), name="api-isaf-register-xml"),
    path(f"{_REGISTER}/changes", ChangesView.as_view(), name="api-isaf-changes"),
    path(f"{_REGISTER}/submit", SubmitView.as_view(), name="api-isaf-submit"),
    path("evidence", EvidenceView.as_view(), name="api-isaf-evidence"),
    path("returns", ReturnsView.as_view(), name="api-isaf-returns"),
    path(_RETURN, ReturnView.as_view(), name="api-isaf-return"),
    path(f"{_RETURN}/rows", ReturnRowsView.as_view(), name="api-isaf-return-rows"),
    path(f"{_RETURN}/decisions", ReturnDecisionsView.as_view(), name="api-isaf-return-decisions"),
    path(f"{_RETURN}/lines", ReturnLinesView.as_view(), name="api-isaf-return-lines"),
    path(
        f"{_RETURN}/lines/<int:line_id>/remove",
        ReturnLineView.as_view(),
        name="api-isaf-return-line",
    ),
    path(f"{_RETURN}/settings", ReturnSettingsView.as_view(), name="api-isaf-return-settings"),
    path(f"{_RETURN}/filed", ReturnFiledView.as_view(), name="api-isaf-return-filed"),
    path(f"{_RETURN}/confirm", ReturnConfirmView.as_view(), name="api-isaf-return-confirm"),
    path(f"{_RETURN}/return.ffdata", ReturnFileView.as_view(), name="api-isaf-return-file"),
    path("crosschecks", CrossChecksView.as_view(), name="api-isaf-crosschecks"),
    path("differences", DifferencesView.as_view(), name="api-isaf-differences"),
    path("einvoices", EInvoicesView.as_view(), name="api-isaf-einvoices"),
    path(
        "einvoices/<einvoice_source:source>",
        EInvoiceDeliveryView.as_view(),
        name="api-isaf-einvoice-delivery",
    ),
    path("deals/<key:key>", DealView.as_view(), name="api-isaf-deal"),
    path("deals/<key:key>/entries", DealEntriesView.as_view(), name="api-isaf-deal-entries"),
    path(_CROSS_CHECK, CrossCheckView.as_view(), name="api-isaf-crosscheck"),
    path(f"{_CROSS_CHECK}/pairs", PairsView.as_view(), name="api-isaf-crosscheck-pairs"),
    path(
        f"{_CROSS_CHECK}/export.xlsx",
        CrossCheckExportView.as_view(),
        name="api-isaf-crosscheck-export",
    ),
]
