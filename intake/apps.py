"""Registration of the front desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Documents as they came."""

    name = "intake"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Make the words of refusals and messages known, and show the documents to operators."""
        from imas.web import messages as web_words  # noqa: PLC0415 - the apps are ready only here
        from intake import messages, metrics  # noqa: PLC0415
        from mailbox import words as mailbox_words  # noqa: PLC0415
        from representation.messages import register_actions  # noqa: PLC0415

        web_words.register(messages.REFUSALS)
        mailbox_words.register(messages.MAILBOX)
        register_actions(messages.ACTIONS)
        metrics.register()
