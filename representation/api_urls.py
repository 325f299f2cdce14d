"""Addresses of the web services about taxpayers and about the key in use."""

from django.urls import path

from representation.api import KeyRotationView, TaxpayersView
from representation.lookup_api import LookupChangesView, LookupView
from representation.register_api import (
    RegisterImportApplyView,
    RegisterImportDropView,
    RegisterImportsView,
    RegisterImportView,
)

urlpatterns = [
    path("taxpayers", TaxpayersView.as_view(), name="api-taxpayers"),
    path("taxpayers/lookup", LookupView.as_view(), name="api-taxpayers-lookup"),
    path("taxpayers/changes", LookupChangesView.as_view(), name="api-taxpayers-changes"),
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
    path("keys/rotate", KeyRotationView.as_view(), name="api-key-rotate"),
]
