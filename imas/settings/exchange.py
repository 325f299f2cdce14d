"""Single sign-on with the authority's other systems, and roles in them."""

from django.core.exceptions import ImproperlyConfigured

from exchange.configuring import read_systems
from imas.settings.environment import env_list, env_text

# Keys (PEM files, RSA) by which i.MAS signs people in at other systems; none: it does not.
SSO_SIGNING_KEYS = env_list("SSO_SIGNING_KEYS", "")

# The other systems people are led to and given roles in: a JSON list, docs/exchange.md.
try:
    OTHER_SYSTEMS = read_systems(env_text("OTHER_SYSTEMS", ""))
except ValueError as error:
    raise ImproperlyConfigured(f"OTHER_SYSTEMS: {error}") from None
if any(one.roles_address for one in OTHER_SYSTEMS) and not SSO_SIGNING_KEYS:
    raise ImproperlyConfigured("OTHER_SYSTEMS: roles are told by the keys of SSO_SIGNING_KEYS.")
