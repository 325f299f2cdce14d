"""Who may act for whom."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepresentationConfig(AppConfig):
    """Taxpayers, mandates and the journal."""

    name = "representation"
    verbose_name = _("Representation")
