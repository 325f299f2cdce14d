"""Registration of the front desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Documents as they came."""

    name = "intake"
    verbose_name = _("Documents")
