"""Addresses of the REST interface, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from imas.web.views import api_docs

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs", api_docs, name="api-docs"),
    path("", include("accounts.api_urls")),
    path("", include("representation.api_urls")),
    path("", include("mailbox.api_urls")),
    path("isaf/", include("isaf.api_urls")),
    path("ivaz/", include("ivaz.api_urls")),
]
