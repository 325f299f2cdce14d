"""Addresses of the cross-check pages, below cross-checks/."""

from django.urls import path, re_path

from isaf.views import crosscheck as views
from isaf.views import deals, differences, einvoices

urlpatterns = [
    path("", views.crosschecks, name="crosschecks"),
    path("pairs.xlsx", views.crosschecks_export, name="crosschecks-export"),
    path("differences/", differences.differences, name="differences"),
    path("e-invoices/", einvoices.einvoices_seen, name="einvoices"),
    re_path(
        r"^e-invoices/export\.(?P<form>xlsx|csv)$",
        einvoices.einvoices_export,
        name="einvoices-export",
    ),
    path("deals/<key:key>/", deals.deal, name="deal"),
    path("deals/<key:key>/say/", deals.deal_say, name="deal-say"),
    path("deals/<key:key>/mark/", deals.deal_mark, name="deal-mark"),
    path("reports/", views.reports_ordered, name="crosscheck-reports"),
    path("reports/order/", views.order, name="crosscheck-order"),
    path("reports/<uuid:crosscheck_id>/", views.crosscheck, name="crosscheck"),
    path(
        "reports/<uuid:crosscheck_id>/progress/",
        views.crosscheck_progress,
        name="crosscheck-progress",
    ),
    re_path(
        r"^reports/(?P<crosscheck_id>[0-9a-f-]{36})/export\.(?P<form>xlsx|csv|pdf)$",
        views.crosscheck_export,
        name="crosscheck-export",
    ),
    path("reports/standing/<uuid:order_id>/stop/", views.standing_stop, name="standing-stop"),
]
