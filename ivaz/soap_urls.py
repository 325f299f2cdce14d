"""The address of the synchronous service, at the place of VMI's own."""

from django.urls import URLPattern, URLResolver, path

from ivaz.soap.views import ProcessorView

urlpatterns: list[URLPattern | URLResolver] = [
    path("sync", ProcessorView.as_view(), name="ivaz-processor"),
]
