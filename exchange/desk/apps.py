"""Registration of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from imas.web.sidebar import Group, SidebarEntry


class DeskConfig(AppConfig):
    """The stand-in for EDS."""

    name = "exchange.desk"
    label = "eds_desk"
    verbose_name = _("EDS desk")
    default_auto_field = "django.db.models.BigAutoField"
    sidebar = (
        SidebarEntry(
            label=_("EDS desk"),
            icon="building-bank",
            url_name="eds:drafts",
            right="isaf.returns",
            order=28,
            group=Group.ACCOUNT,
            setting="EDS_DESK",
        ),
    )

    def ready(self) -> None:
        """Give refusals their words."""
        from exchange.desk.words import REFUSALS  # noqa: PLC0415 - models are ready only now
        from imas.web.messages import register  # noqa: PLC0415 - the same

        register(REFUSALS)
