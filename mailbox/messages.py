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
    "events-gone": (
        _("These events are no longer kept"),
        _(
            "Events are kept for %(days)s days. Ask for what you need anew, then go on after "
            "%(oldest)s."
        ),
    ),
    "events-waiting": (
        _("This key is waiting for events already"),
        _("One call of a key waits at a time. Let it end, or ask without waiting."),
    ),
    "webhook-not-found": (
        _("There is no such webhook"),
        _("It has been removed, or it belongs to another taxpayer."),
    ),
    "webhook-address": (
        _("This address cannot be called"),
        _("It must begin with https:// and use one of these ports: %(ports)s."),
    ),
    "webhook-events": (
        _("The events are not chosen"),
        _("Choose at least one sort of event that exists."),
    ),
    "too-many-webhooks": (
        _("There are enough webhooks"),
        _("A taxpayer has %(limit)s at the most. Remove one that is not needed."),
    ),
    "deadline-not-found": (
        _("There is no such deadline"),
        _("It is too far away, or you may not see it."),
    ),
    "snooze-days": (
        _("It cannot be put off for so long"),
        _("Choose one of the offered numbers of days."),
    ),
    "reminder-days": (
        _("A reminder cannot come so many days before"),
        _("Choose one of the offered numbers of days."),
    ),
    "notices-needed": (
        _("These messages must be told of"),
        _("You may choose when you are told of them, but not to be told of them at all."),
    ),
}

LETTERS = {
    "mailbox.webhook-paused": (
        _("The webhook %(name)s has been paused"),
        _(
            "%(failures)s calls in a row failed. What happens meanwhile waits: mend the receiving "
            "program, then switch the webhook on again."
        ),
    ),
}

HAPPENINGS = {"mailbox.message": ("mailbox.view", _("A message has come"))}

ACTIONS = {
    "calendar.link-made": _("Calendar link made"),
    "calendar.link-revoked": _("Calendar link ended"),
    "mailbox.reminders-chosen": _("Days of reminders chosen"),
    "webhooks.added": _("Webhook added"),
    "webhooks.secret-changed": _("Secret of a webhook changed"),
    "webhooks.active": _("Webhook switched on"),
    "webhooks.paused": _("Webhook paused"),
    "webhooks.removed": _("Webhook removed"),
    "webhooks.tested": _("Test event sent to a webhook"),
    "webhooks.replayed": _("Event sent to a webhook again"),
    "mailbox.notices-chosen": _("E-mail about messages chosen"),
    "mailbox.address-unreachable": _("E-mail address takes no letters"),
    "mailbox.read": _("Message read"),
    "mailbox.unread": _("Message marked as unread"),
    "mailbox.attachment-taken": _("File of a message taken"),
    "mailbox.archived": _("Message archived"),
    "mailbox.restored": _("Message restored"),
}
