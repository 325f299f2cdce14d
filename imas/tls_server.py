"""How gunicorn serves programs over mutual TLS: `gunicorn --config imas/tls_server.py imas.wsgi`.

A caller may show a client certificate issued by our authority; whoever shows none must have a key.
Whether a certificate still opens anything is asked of the database at every request.
"""

import os
import ssl
from collections.abc import Callable
from pathlib import Path

from gunicorn.config import Config

certfile = os.environ["TLS_CERTIFICATE"]
keyfile = os.environ["TLS_KEY"]
ca_certs = os.environ.get("CA_CERTIFICATE") or str(Path(os.environ["VAR_DIR"]) / "ca" / "root.crt")
cert_reqs = ssl.CERT_OPTIONAL
do_handshake_on_connect = False
worker_class = "gthread"
timeout = 300
keepalive = 75


def ssl_context(_config: Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return gunicorn's own context, without what is older than TLS 1.2."""
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
