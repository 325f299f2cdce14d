"""Words for what the journal tells of the mailbox, and for its refusals."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "message-not-found": (
        _("There is no such message"),
        _("It was never here, or it is in the mailbox of another taxpayer."),
    ),
    "too-many-messages": (
        _("Too many messages at once"),
        _("Mark no more than %(limit)s messages by one request."),
    ),
    "notices-needed": (
        _("These messages must be told of"),
        _("You may choose when you are told of them, but not to be told of them at all."),
    ),
}

ACTIONS = {
    "mailbox.notices-chosen": _("E-mail about messages chosen"),
    "mailbox.address-unreachable": _("E-mail address takes no letters"),
    "mailbox.read": _("Message read"),
    "mailbox.unread": _("Message marked as unread"),
    "mailbox.attachment-taken": _("File of a message taken"),
    "mailbox.archived": _("Message archived"),
    "mailbox.restored": _("Message restored"),
}
