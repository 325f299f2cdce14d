"""Who may act for whom."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.consequences import tell_by
from accounts.journal import keep_by
from accounts.messages import ACTIONS
from imas.web.messages import register
from imas.web.sidebar import Group, SidebarEntry
from representation.messages import WORDS, register_actions


class RepresentationConfig(AppConfig):
    """Taxpayers, mandates and the journal."""

    name = "representation"
    verbose_name = _("Representation")
    sidebar = (
        SidebarEntry(
            label=_("i.MAS representatives"),
            icon="users",
            url_name="representation:representatives",
            right="representation.manage",
            order=20,
            group=Group.ACCOUNT,
        ),
        SidebarEntry(
            label=_("Represented by us"),
            icon="users",
            url_name="representation:clients",
            right="representation.manage",
            order=25,
            group=Group.ACCOUNT,
        ),
        SidebarEntry(
            label=_("Journal"),
            icon="history",
            url_name="representation:journal",
            right="representation.manage",
            order=30,
            group=Group.ACCOUNT,
        ),
        SidebarEntry(
            label=_("Web services"),
            icon="key",
            url_name="representation:keys",
            right="keys.manage",
            order=40,
            group=Group.ACCOUNT,
        ),
        SidebarEntry(
            label=_("Submitters of waybills"),
            icon="truck",
            url_name="representation:waybill-submitters",
            right="ivaz.settings",
            order=25,
            group=Group.ACCOUNT,
        ),
        SidebarEntry(
            label=_("Look taxpayers up"),
            icon="search",
            url_name="representation:lookup",
            order=60,
            group=Group.ACCOUNT,
            for_person=True,
        ),
        SidebarEntry(
            label=_("Files of registers"),
            icon="database-import",
            url_name="representation:imports",
            order=70,
            group=Group.ACCOUNT,
            for_staff=True,
        ),
    )

    def ready(self) -> None:
        """Give the refusals their words, and take into the journal what people do as such."""
        from representation.consequences import (  # noqa: PLC0415 - needs the models
            held_by_fingerprint,
        )
        from representation.services import journal_person  # noqa: PLC0415 - needs the models

        register(WORDS)
        register_actions(ACTIONS)
        keep_by(journal_person)
        tell_by(held_by_fingerprint)
