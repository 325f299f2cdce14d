"""Words for what the journal tells of the mailbox."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "mailbox.read": _("Message read"),
    "mailbox.archived": _("Message put away"),
    "mailbox.restored": _("Message brought back"),
}
