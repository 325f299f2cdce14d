"""The mailbox of every taxpayer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from imas.web.home import register_card
from imas.web.messages import register
from imas.web.sidebar import Group, SidebarEntry
from mailbox import happenings, words
from mailbox.messages import ACTIONS, HAPPENINGS, LETTERS, WORDS
from representation import letter_words, notices
from representation.messages import LETTERS as MANDATE_LETTERS
from representation.messages import register_actions


class MailboxConfig(AppConfig):
    """Messages, and the e-mail that says only that one has come."""

    name = "mailbox"
    verbose_name = _("Mailbox")
    sidebar = (
        SidebarEntry(
            label=_("Mailbox"),
            icon="mail",
            url_name="mailbox:messages",
            right="mailbox.view",
            order=10,
            group=Group.ACCOUNT,
            shows_unread=True,
        ),
        SidebarEntry(
            label=_("Calendar"),
            icon="calendar-event",
            url_name="mailbox:calendar",
            right="mailbox.view",
            order=15,
            group=Group.ACCOUNT,
        ),
    )

    def ready(self) -> None:
        """Put the newest messages on the start page; take in what is said
        about mandates; give journal and refusals their words.
        """
        from mailbox import reviews  # noqa: PLC0415 - the same
        from mailbox.cards import newest  # noqa: PLC0415 - models are ready only now
        from mailbox.services import post_message  # noqa: PLC0415 - the same

        register_card(newest)
        register(WORDS)
        words.register(LETTERS)
        words.register(MANDATE_LETTERS)
        words.register(letter_words.LETTERS)
        notices.post_by(post_message)
        reviews.register()
        happenings.register(HAPPENINGS)
        register_actions(ACTIONS)
