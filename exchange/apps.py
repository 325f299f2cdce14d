"""Doors to other systems of the authority."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from exchange.messages import ACTIONS, LETTERS, WORDS
from exchange.roles import systems_with_roles
from imas.web.messages import register
from imas.web.sidebar import Group, SidebarEntry
from mailbox import words
from representation.messages import register_actions


class ExchangeConfig(AppConfig):
    """Roles in other systems, and the way to those systems."""

    name = "exchange"
    verbose_name = _("Other systems")
    sidebar = (
        SidebarEntry(
            label=_("Rights in other systems"),
            icon="users-group",
            url_name="exchange:rights",
            right="ais.roles",
            order=27,
            group=Group.ACCOUNT,
            setting="OTHER_SYSTEMS",
        ),
        SidebarEntry(
            label=_("VMI systems"),
            icon="apps",
            url_name="exchange:systems",
            order=55,
            group=Group.ACCOUNT,
            for_person=True,
            setting="OTHER_SYSTEMS",
        ),
    )

    def ready(self) -> None:
        """Give refusals and the journal their words; let single sign-on tell roles."""
        from accounts.sso.claims import tell  # noqa: PLC0415 - models are ready only now
        from exchange.claims import teller  # noqa: PLC0415 - the same
        from exchange.filing_notices import LETTERS as OF_FILINGS  # noqa: PLC0415 - the same
        from exchange.services.filing import Office  # noqa: PLC0415 - the same
        from isaf.filing import open_office  # noqa: PLC0415 - the same

        register(WORDS)
        register_actions(ACTIONS)
        words.register(LETTERS)
        words.register(OF_FILINGS)
        open_office(Office())
        for system in systems_with_roles():
            tell(system, teller(system))
