"""Registration of the i.VAZ subsystem."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from imas.web.sidebar import Group, SidebarEntry


class IvazConfig(AppConfig):
    """Waybills."""

    name = "ivaz"
    verbose_name = _("i.VAZ")
    default_auto_field = "django.db.models.BigAutoField"
    sidebar = (
        SidebarEntry(
            label=_("i.VAZ"),
            hint=_("Waybills"),
            icon="truck",
            url_name="ivaz:waybills",
            right="ivaz.view",
            order=20,
            children=(
                SidebarEntry(
                    label=_("Waybills"), icon="list", url_name="ivaz:waybills", right="ivaz.view"
                ),
                SidebarEntry(
                    label=_("New waybill"),
                    icon="file-plus",
                    url_name="ivaz:new",
                    right="ivaz.submit",
                ),
                SidebarEntry(
                    label=_("Send a file"),
                    icon="upload",
                    url_name="ivaz:upload",
                    right="ivaz.submit",
                ),
                SidebarEntry(
                    label=_("Sent files"), icon="files", url_name="ivaz:files", right="ivaz.view"
                ),
                SidebarEntry(
                    label=_("Trip sheet"), icon="route", url_name="ivaz:trip", right="ivaz.view"
                ),
                SidebarEntry(
                    label=_("On the phone"),
                    icon="device-mobile",
                    url_name="ivaz:phone",
                    right="ivaz.view",
                ),
                SidebarEntry(
                    label=_("Consent to e-waybills"),
                    icon="certificate",
                    url_name="ivaz:consents",
                    right="ivaz.settings",
                ),
                SidebarEntry(
                    label=_("Address book"),
                    icon="address-book",
                    url_name="ivaz:book",
                    right="ivaz.submit",
                ),
            ),
        ),
        SidebarEntry(
            label=_("Checks on the road"),
            hint=_("Search waybills"),
            icon="shield-search",
            url_name="ivaz:roadside",
            duty="roadside",
            order=25,
        ),
        SidebarEntry(
            label=_("Searches on the road"),
            icon="road",
            url_name="ivaz:roadside-log",
            order=75,
            group=Group.ACCOUNT,
            for_staff=True,
        ),
    )

    def ready(self) -> None:
        """Make this subsystem known to the front desk and the mailbox."""
        # Models can be imported only now.
        from imas.web import home, messages  # noqa: PLC0415
        from ivaz import deadlines, notices  # noqa: PLC0415
        from ivaz.home import roadside_card  # noqa: PLC0415
        from ivaz.messages import words  # noqa: PLC0415
        from ivaz.services import judging, officers  # noqa: PLC0415
        from ivaz.words import JOURNAL, REFUSALS  # noqa: PLC0415
        from representation.messages import register_actions  # noqa: PLC0415

        judging.register_kind(words)
        officers.register(officers.KeptRights())
        notices.register_words()
        deadlines.register()
        home.register_person_card(roadside_card)
        messages.register(REFUSALS)
        register_actions(JOURNAL)
