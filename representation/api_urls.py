"""Addresses of the web service about taxpayers."""

from django.urls import path

from representation.api import TaxpayersView
from representation.register_api import (
    RegisterImportApplyView,
    RegisterImportDropView,
    RegisterImportsView,
    RegisterImportView,
)

urlpatterns = [
    path("taxpayers", TaxpayersView.as_view(), name="api-taxpayers"),
    path(
        "registers/<str:kind>/imports",
        RegisterImportsView.as_view(),
        name="api-register-imports",
    ),
    path(
        "registers/imports/<uuid:run_id>",
        RegisterImportView.as_view(),
        name="api-register-import",
    ),
    path(
        "registers/imports/<uuid:run_id>/apply",
        RegisterImportApplyView.as_view(),
        name="api-register-import-apply",
    ),
    path(
        "registers/imports/<uuid:run_id>/drop",
        RegisterImportDropView.as_view(),
        name="api-register-import-drop",
    ),
]
