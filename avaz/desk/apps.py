"""Registration of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """What stands while the rest is down."""

    name = "avaz.desk"
    label = "avaz_desk"
    verbose_name = _("a.VAZ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give refusals their words."""
        from avaz.desk.words import REFUSALS  # noqa: PLC0415 - gettext is ready only now
        from imas.web.messages import register  # noqa: PLC0415 - the same

        register(REFUSALS)
