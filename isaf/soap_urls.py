"""The address of the uploader, as the programs of today have it."""

from django.urls import URLPattern, URLResolver, path

from isaf.soap.views import UploaderView

urlpatterns: list[URLPattern | URLResolver] = [
    path("uploader", UploaderView.as_view(), name="isaf-uploader"),
]
