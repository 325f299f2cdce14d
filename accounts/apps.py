"""People who sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Sign-in, first visit, contact data and keys for web services."""

    name = "accounts"
    verbose_name = _("Accounts")
