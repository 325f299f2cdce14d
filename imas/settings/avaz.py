"""The fallback for waybills, as the main system sees it; the desk's own: imas/fallback."""

from django.core.exceptions import ImproperlyConfigured

from accounts.providers.configuring import demand_safe_address
from avaz.codes import LONGEST, SHORTEST
from imas.environ import env_int, env_text

# Where the desk is asked by the main system; empty: there is none, and no code is ordered.
AVAZ_DESK_URL: str = env_text("AVAZ_DESK_URL", "").rstrip("/")
# Where people find it.
AVAZ_URL: str = env_text("AVAZ_URL", AVAZ_DESK_URL).rstrip("/")
AVAZ_LINK_SECRET = env_text("AVAZ_LINK_SECRET", "")
# Who prepared a waybill dispatched within so many days is told of outages.
AVAZ_NOTICE_DAYS = env_int("AVAZ_NOTICE_DAYS", 30)
AVAZ_CODE_LENGTH = env_int("AVAZ_CODE_LENGTH", 7)
if AVAZ_DESK_URL:
    try:
        demand_safe_address(AVAZ_DESK_URL)
    except ValueError as wrong:
        raise ImproperlyConfigured(f"AVAZ_DESK_URL: {wrong}") from None
    if len(AVAZ_LINK_SECRET) < 32:
        raise ImproperlyConfigured("AVAZ_LINK_SECRET: at least 32 characters.")
if not SHORTEST <= AVAZ_CODE_LENGTH <= LONGEST:
    raise ImproperlyConfigured(f"AVAZ_CODE_LENGTH: from {SHORTEST} to {LONGEST}.")
