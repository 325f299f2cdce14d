"""Addresses of the cross-check pages, below cross-checks/."""

from django.urls import path

from isaf.views import crosscheck as views

urlpatterns = [
    path("", views.crosschecks, name="crosschecks"),
    path("pairs.xlsx", views.crosschecks_export, name="crosschecks-export"),
    path("reports/", views.reports_ordered, name="crosscheck-reports"),
    path("reports/order/", views.order, name="crosscheck-order"),
    path("reports/<uuid:crosscheck_id>/", views.crosscheck, name="crosscheck"),
    path(
        "reports/<uuid:crosscheck_id>/progress/",
        views.crosscheck_progress,
        name="crosscheck-progress",
    ),
    path(
        "reports/<uuid:crosscheck_id>/export.xlsx",
        views.crosscheck_export,
        name="crosscheck-export",
    ),
]
