"""Single sign-on with the authority's other systems, and roles in them."""

import hashlib
import hmac

from django.core.exceptions import ImproperlyConfigured

from exchange.configuring import read_systems
from imas.settings.browser import SITE_URL
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

# Where EDS takes files (SubmitFile, CheckFileState). Without it the bundled desk stands in for EDS.
EDS_UPLOAD_URL = env_text("EDS_UPLOAD_URL", "")
EDS_DESK = not EDS_UPLOAD_URL
# Where people confirm and complete what was handed over.
EDS_ADDRESS = env_text("EDS_ADDRESS", f"{SITE_URL}/eds/" if EDS_DESK else "")
# As whom i.MAS uploads there.
EDS_PROGRAM = env_text("EDS_PROGRAM", "i.MAS")
EDS_USER = env_text("EDS_USER", "imas" if EDS_DESK else "")
EDS_PASSWORD = env_text("EDS_PASSWORD", "")
if EDS_DESK:
    EDS_UPLOAD_URL = f"{SITE_URL}/eds/EDSWebServiceUploadFile.asmx"
    _secret = env_text("SECRET_KEY").encode()
    EDS_PASSWORD = EDS_PASSWORD or hmac.new(_secret, b"eds-desk", hashlib.sha256).hexdigest()
elif not (EDS_USER and EDS_PASSWORD):
    raise ImproperlyConfigured("EDS_UPLOAD_URL needs EDS_USER and EDS_PASSWORD.")
