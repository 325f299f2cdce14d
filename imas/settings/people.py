"""What people from abroad and messages to phones ask for."""

from django.core.exceptions import ImproperlyConfigured

from accounts.providers.configuring import demand_safe_address
from imas.settings.environment import env_int, env_text


def _safe(name: str) -> str:
    """Return an address that is https, or this machine's; "" where none is set."""
    address = env_text(name, "")
    try:
        if address:
            demand_safe_address(address)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"{name}: {wrong}") from None
    return address


# How long an approved foreign national may set the first password by the link, and for how many
# days after the decision the scan of the document is kept.
APPLICATION_LINK_DAYS = env_int("APPLICATION_LINK_DAYS", 7)
APPLICATION_SCAN_DAYS = env_int("APPLICATION_SCAN_DAYS", 30)
# The gateway that takes short messages for phones, and its bearer token; empty: none are sent.
SMS_GATEWAY_URL = _safe("SMS_GATEWAY_URL")
SMS_GATEWAY_TOKEN = env_text("SMS_GATEWAY_TOKEN", "")
