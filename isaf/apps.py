"""Registration of the i.SAF subsystem."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from imas.web.sidebar import SidebarEntry


class IsafConfig(AppConfig):
    """Invoice registers of VAT payers."""

    name = "isaf"
    verbose_name = _("i.SAF")
    default_auto_field = "django.db.models.BigAutoField"
    sidebar = SidebarEntry(
        label=_("i.SAF"),
        hint=_("Invoice registers"),
        icon="file-invoice",
        url_name="isaf:registers",
        right="isaf.view",
        order=10,
        children=(
            SidebarEntry(_("Registers"), "table", "isaf:registers", "isaf.view", 10),
            SidebarEntry(_("Send a file"), "upload", "isaf:upload", "isaf.upload", 20),
            SidebarEntry(_("Sent files"), "files", "isaf:files", "isaf.view", 30),
            SidebarEntry(_("Cross-check"), "arrows-left-right", "isaf:crosschecks", "isaf.crosscheck", 40),
        ),
    )

    def ready(self) -> None:
        """Make this subsystem known to the front desk and give the mailbox its words."""
        from isaf import notices  # noqa: PLC0415 - models are ready only now
        from isaf.services import judging  # noqa: PLC0415

        judging.register_kind()
        notices.register_words()
