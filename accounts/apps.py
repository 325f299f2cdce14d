"""People who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.messages import WORDS
from imas.web.messages import register
from imas.web.sidebar import Group, SidebarEntry


class AccountsConfig(AppConfig):
    """Sign-in, first visit, contact data and keys for web services."""

    name = "accounts"
    verbose_name = _("Accounts")
    sidebar = (
        SidebarEntry(
            label=_("My account"),
            icon="user-circle",
            url_name="accounts:profile",
            order=90,
            group=Group.ACCOUNT,
            for_person=True,
        ),
        SidebarEntry(
            label=_("Applications for access"),
            icon="user-plus",
            url_name="accounts:applications",
            order=75,
            group=Group.ACCOUNT,
            for_staff=True,
        ),
    )

    def ready(self) -> None:
        """Give the refusals their words."""
        register(WORDS)
