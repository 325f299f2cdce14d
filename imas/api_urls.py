"""Addresses of the REST interface, version 1."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{app}.api_urls"))
    for app in ("accounts", "representation", "mailbox", "intake", "isaf")
    if find_spec(f"{app}.api_urls")
]
