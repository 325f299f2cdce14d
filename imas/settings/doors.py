"""Which addresses are open to whom, by name; every other needs a login and a taxpayer."""

from imas.settings.isaf import ISAF_DESK
from imas.settings.ivaz import IVAZ_DESK

# Addresses that need no login, by name.
PUBLIC_VIEWS = frozenset(
    {
        "healthz",
        "readyz",
        "metrics",
        "api-schema",
        "api-docs",
        "isaf-uploader",  # asks for the certificate itself
        "ivaz-processor",  # the same
        "eds:upload",  # asks for the password in the message itself
        "set_language",
        "accounts:sign-in",
        "accounts:through",
        "accounts:through-back",
        "accounts:through-posted",
        "accounts:through-ended",
        "accounts:sso-description",
        "accounts:sso-keys",
        "accounts:sso-authorize",
        "accounts:sso-token",
        "accounts:sso-userinfo",
        "accounts:sso-end",
        "accounts:sign-in-passkey",
        "accounts:second-factor",
        "accounts:second-factor-passkey",
        "accounts:second-factor-recovery",
        "accounts:confirm-email",
        "accounts:undo-email",
        "accounts:recovery",
        "accounts:recovery-password",
        "accounts:apply",
        "accounts:apply-confirm",
        "accounts:first-password",
        "mailbox:returned-letter",
        "mailbox:calendar-feed",
        "avaz:status",
        "ivaz:check",
        "ivaz:check-keys",
        "ivaz:phone-worker",
        "avaz:outages",
        "avaz:feed",
        "ca-root",
        "ca-revoked",
    }
)

# Pages of a person, for which no taxpayer need be chosen, by name.
PERSONAL_VIEWS = frozenset(
    {
        "exchange:systems",
        "exchange:enter",
        "exchange:no-roles",
        "avaz:codes",
        "avaz:renew",
        "avaz:outages-desk",
        "avaz:declare",
        "avaz:end",
        "avaz:outage",
        "avaz:correct",
        "avaz:withdraw",
        "avaz:fallbacks-desk",
        "avaz:fallbacks-csv",
        *ISAF_DESK,
        *IVAZ_DESK,
    }
)
