"""Registration of the main side of a.VAZ."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from imas.web.sidebar import Group, SidebarEntry


class AvazConfig(AppConfig):
    """The fallback for waybills."""

    name = "avaz"
    verbose_name = _("a.VAZ")
    default_auto_field = "django.db.models.BigAutoField"
    sidebar = (
        SidebarEntry(
            label=_("a.VAZ"),
            hint=_("When i.VAZ does not work"),
            icon="lifebuoy",
            url_name="avaz:fallbacks",
            right="ivaz.view",
            order=25,
        ),
        SidebarEntry(
            label=_("Codes of a.VAZ"),
            icon="device-mobile",
            url_name="avaz:codes",
            order=60,
            group=Group.ACCOUNT,
            for_person=True,
            setting="AVAZ_DESK_URL",
        ),
        SidebarEntry(
            label=_("Outages"),
            icon="alert-triangle",
            url_name="avaz:outages-desk",
            order=80,
            group=Group.ACCOUNT,
            for_staff=True,
        ),
        SidebarEntry(
            label=_("Announced in a.VAZ"),
            icon="lifebuoy",
            url_name="avaz:fallbacks-desk",
            order=81,
            group=Group.ACCOUNT,
            for_staff=True,
        ),
    )

    def ready(self) -> None:
        """Give messages, refusals and the journal their words, and the calendar its deadlines."""
        # Models can be imported only now.
        from avaz import deadlines, notices  # noqa: PLC0415
        from avaz.words import JOURNAL, REFUSALS  # noqa: PLC0415
        from imas.web import messages  # noqa: PLC0415
        from representation.messages import register_actions  # noqa: PLC0415

        notices.register_words()
        deadlines.register()
        messages.register(REFUSALS)
        register_actions(JOURNAL)
