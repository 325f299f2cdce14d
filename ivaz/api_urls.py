"""Addresses of i.VAZ in the REST interface, version 1."""

from django.urls import path

from ivaz.api.consents import ConsentsView, TakesView
from ivaz.api.files import WaybillFileRecordsView, WaybillFilesView, WaybillFileView
from ivaz.api.roadside import RoadsideSearchesView, RoadsideWaybillView
from ivaz.api.waybills import (
    RecordsView,
    WaybillDeliverView,
    WaybillReloadView,
    WaybillsView,
    WaybillView,
    WaybillXmlView,
)

urlpatterns = [
    path("ivaz/records", RecordsView.as_view(), name="api-ivaz-records"),
    path("ivaz/waybills", WaybillsView.as_view(), name="api-ivaz-waybills"),
    path("ivaz/waybills/<str:rn>", WaybillView.as_view(), name="api-ivaz-waybill"),
    path(
        "ivaz/waybills/<str:rn>/deliver",
        WaybillDeliverView.as_view(),
        name="api-ivaz-waybill-deliver",
    ),
    path(
        "ivaz/waybills/<str:rn>/reload", WaybillReloadView.as_view(), name="api-ivaz-waybill-reload"
    ),
    path("ivaz/waybills/<str:rn>/xml", WaybillXmlView.as_view(), name="api-ivaz-waybill-xml"),
    path("ivaz/consents", ConsentsView.as_view(), name="api-ivaz-consents"),
    path("ivaz/consents/taken", TakesView.as_view(), name="api-ivaz-consents-taken"),
    path(
        "ivaz/roadside/searches", RoadsideSearchesView.as_view(), name="api-ivaz-roadside-searches"
    ),
    path(
        "ivaz/roadside/searches/<uuid:roadside_search_id>/waybills/<str:rn>",
        RoadsideWaybillView.as_view(),
        name="api-ivaz-roadside-waybill",
    ),
    path("ivaz/files", WaybillFilesView.as_view(), name="api-ivaz-files"),
    path("ivaz/files/<uuid:waybill_file_id>", WaybillFileView.as_view(), name="api-ivaz-file"),
    path(
        "ivaz/files/<uuid:waybill_file_id>/records",
        WaybillFileRecordsView.as_view(),
        name="api-ivaz-file-records",
    ),
]
