"""What the mailbox, its letters, events and webhooks ask for."""

from django.core.exceptions import ImproperlyConfigured

from imas.settings.browser import IS_HTTPS
from imas.settings.environment import env_bool, env_int, env_list, env_text

# The hour in Vilnius of the letter that people get once a day.
NOTICE_DIGEST_HOUR = env_int("NOTICE_DIGEST_HOUR", 8)
# Subsystems of which a person may choose not to be told at all; VA-119, 16 p. names none.
NOTICE_OPTIONAL_SUBSYSTEMS = frozenset(env_list("NOTICE_OPTIONAL_SUBSYSTEMS", ""))
# What the mail server shows when it hands over letters that came back; empty: that door is shut.
RETURNED_LETTERS_SECRET = env_text("RETURNED_LETTERS_SECRET", "")
# How many days before a deadline people are reminded who have not chosen otherwise.
REMINDER_DAYS = env_int("REMINDER_DAYS", 3)
# Days for which the event feed can be read.
EVENT_DAYS = env_int("EVENT_DAYS", 30)
# How long a call may wait for an event, and how many may wait in one process at once.
EVENTS_WAIT_SECONDS = env_int("EVENTS_WAIT_SECONDS", 25)
EVENTS_WAITING = env_int("EVENTS_WAITING", 2)
# Calls in a row that may fail before a webhook is paused, and how long two secrets sign.
WEBHOOK_MAX_FAILURES = env_int("WEBHOOK_MAX_FAILURES", 30)
WEBHOOK_OVERLAP_HOURS = env_int("WEBHOOK_OVERLAP_HOURS", 24)
WEBHOOK_PORTS = env_list("WEBHOOK_PORTS", "443,8443")
# Calls plain and inside addresses too: to try webhooks on one machine, never in production.
WEBHOOK_INSECURE = env_bool("WEBHOOK_INSECURE", default=False)
if WEBHOOK_INSECURE and IS_HTTPS:
    raise ImproperlyConfigured("WEBHOOK_INSECURE is not for production.")
