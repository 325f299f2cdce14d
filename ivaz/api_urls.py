"""Addresses of i.VAZ in the REST interface, version 1."""

from django.urls import path

from ivaz.api.consents import ConsentsView, TakesView
from ivaz.api.documents import (
    WaybillDeliverView,
    WaybillDocumentsView,
    WaybillDocumentView,
    WaybillObjectView,
)
from ivaz.api.efti import WaybillEftiView, WaybillEftiXmlView
from ivaz.api.files import WaybillFileRecordsView, WaybillFilesView, WaybillFileView
from ivaz.api.following import WaybillChangesView
from ivaz.api.roadside import RoadsideSearchesView, RoadsideWaybillView
from ivaz.api.tables import WaybillTableView
from ivaz.api.waybills import (
    RecordsView,
    WaybillReloadView,
    WaybillsView,
    WaybillView,
    WaybillXmlView,
)

_ONE = "waybills/<str:rn>"
_FILE = "files/<uuid:waybill_file_id>"

urlpatterns = [
    path("records", RecordsView.as_view(), name="api-ivaz-records"),
    path("changes", WaybillChangesView.as_view(), name="api-ivaz-changes"),
    path("classifiers/<slug:waybill_table>", WaybillTableView.as_view(), name="api-ivaz-table"),
    path("waybills", WaybillsView.as_view(), name="api-ivaz-waybills"),
    path(_ONE, WaybillView.as_view(), name="api-ivaz-waybill"),
    path(f"{_ONE}/deliver", WaybillDeliverView.as_view(), name="api-ivaz-waybill-deliver"),
    path(f"{_ONE}/object", WaybillObjectView.as_view(), name="api-ivaz-waybill-object"),
    path(f"{_ONE}/documents", WaybillDocumentsView.as_view(), name="api-ivaz-documents"),
    path(
        f"{_ONE}/documents/<int:waybill_document_id>",
        WaybillDocumentView.as_view(),
        name="api-ivaz-document",
    ),
    path(f"{_ONE}/reload", WaybillReloadView.as_view(), name="api-ivaz-waybill-reload"),
    path(f"{_ONE}/xml", WaybillXmlView.as_view(), name="api-ivaz-waybill-xml"),
    path(f"{_ONE}/efti", WaybillEftiView.as_view(), name="api-ivaz-efti"),
    path(f"{_ONE}/efti/xml", WaybillEftiXmlView.as_view(), name="api-ivaz-efti-xml"),
    path("consents", ConsentsView.as_view(), name="api-ivaz-consents"),
    path("consents/taken", TakesView.as_view(), name="api-ivaz-consents-taken"),
    path("roadside/searches", RoadsideSearchesView.as_view(), name="api-ivaz-roadside-searches"),
    path(
        "roadside/searches/<uuid:roadside_search_id>/waybills/<str:rn>",
        RoadsideWaybillView.as_view(),
        name="api-ivaz-roadside-waybill",
    ),
    path("files", WaybillFilesView.as_view(), name="api-ivaz-files"),
    path(_FILE, WaybillFileView.as_view(), name="api-ivaz-file"),
    path(f"{_FILE}/records", WaybillFileRecordsView.as_view(), name="api-ivaz-file-records"),
]
