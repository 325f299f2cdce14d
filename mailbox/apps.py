"""The mailbox of every taxpayer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailboxConfig(AppConfig):
    """Messages, and the e-mail that says only that one has come."""

    name = "mailbox"
    verbose_name = _("Mailbox")
