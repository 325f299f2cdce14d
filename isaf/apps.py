"""Registration of the i.SAF subsystem."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from imas.web.sidebar import Group, SidebarEntry


class IsafConfig(AppConfig):
    """Invoice registers of VAT payers."""

    name = "isaf"
    verbose_name = _("i.SAF")
    default_auto_field = "django.db.models.BigAutoField"
    sidebar = (
        SidebarEntry(
            label=_("i.SAF"),
            hint=_("Invoice registers"),
            icon="file-invoice",
            url_name="isaf:registers",
            right="isaf.view",
            order=10,
            children=(
                SidebarEntry(
                    label=_("Registers"), icon="table", url_name="isaf:registers", right="isaf.view"
                ),
                SidebarEntry(
                    label=_("Send a file"),
                    icon="upload",
                    url_name="isaf:upload",
                    right="isaf.upload",
                ),
                SidebarEntry(
                    label=_("Sent files"), icon="files", url_name="isaf:files", right="isaf.view"
                ),
                SidebarEntry(
                    label=_("Cross-check"),
                    icon="arrows-left-right",
                    url_name="isaf:crosschecks",
                    right="isaf.crosscheck",
                ),
                SidebarEntry(
                    label=_("Preliminary returns"),
                    icon="report",
                    url_name="isaf:returns",
                    right="isaf.returns",
                ),
            ),
        ),
        SidebarEntry(
            label=_("Postponements"),
            icon="calendar-pause",
            url_name="isaf:postponement-desk",
            order=75,
            group=Group.ACCOUNT,
            for_staff=True,
        ),
    )

    def ready(self) -> None:
        """Make this subsystem known to the front desk, the mailbox and the start page."""
        # Models can be imported only now.
        from imas.web import messages  # noqa: PLC0415
        from isaf import (  # noqa: PLC0415
            converters,
            deadlines,
            home,
            limits,
            metrics,
            return_deadlines,
            tasks,
        )
        from isaf.messages import words  # noqa: PLC0415
        from isaf.notices import crosscheck, registers, returns  # noqa: PLC0415
        from isaf.services import judging  # noqa: PLC0415
        from isaf.words import journal, refusals  # noqa: PLC0415
        from isaf.words import returns as return_words  # noqa: PLC0415
        from representation.messages import register_actions  # noqa: PLC0415

        converters.register()
        limits.register()
        judging.register_kind(words, tasks.queue_checks)
        for notices in (registers, crosscheck, returns):
            notices.register_words()
        messages.register(refusals.WORDS)
        messages.register(return_words.REFUSALS)
        register_actions(journal.WORDS)
        register_actions(return_words.JOURNAL)
        home.register()
        deadlines.register()
        return_deadlines.register()
        metrics.register()
