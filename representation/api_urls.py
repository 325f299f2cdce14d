"""Addresses of the web service about taxpayers."""

from django.urls import path

from representation.api import TaxpayersView

urlpatterns = [path("taxpayers", TaxpayersView.as_view(), name="api-taxpayers")]
