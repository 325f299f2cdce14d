"""Registration of the shared web parts: their template tags and commands."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What pages and web services share."""

    name = "imas.web"
    label = "web"
