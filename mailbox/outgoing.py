"""Calling other people's servers, without becoming a way into our own network.

The address is asked for and judged at the moment of connecting, and the connection goes to the very
address that was judged: a name that points elsewhere a moment later (DNS rebinding) gains nothing.
Redirects are not followed, proxies of the environment are not used, and a call ends as a whole.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from imas.kernel.errors import UnprocessableError
from mailbox.types import Fault

EXCERPT = 500
_CONNECT_SECONDS = 5
_WHOLE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: its status and the beginning of its words, or why there is none."""

    status: int | None
    milliseconds: int
    fault: str = ""
    excerpt: str = ""

    @property
    def is_taken(self) -> bool:
        """Tell whether the server took what it was sent; a redirect is not taken."""
        return self.status is not None and 200 <= self.status < 300


class _ForbiddenAddressError(OSError):
    """The name leads to an address that is not on the open internet."""


def check_url(url: str) -> None:
    """Refuse an address that would never be called: `UnprocessableError("webhook-address")`.

    Where its name leads is judged at each call.
    """
    parts = _split(url)
    is_well_formed = parts is not None and parts.hostname and not (parts.username or parts.password)
    if parts is None or not is_well_formed or not (settings.WEBHOOK_INSECURE or _is_fit(parts)):
        raise UnprocessableError("webhook-address", ports=", ".join(settings.WEBHOOK_PORTS))


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    named_by_operator: bool = False,
    keep: int = EXCERPT,
) -> Answer:
    """Post a body and return what came of it; whatever the other side does is an answer.

    Of its words the first `keep` bytes are kept.

    An address that an operator has named may lie inside, at any port; nobody else can name one.
    """
    started = time.monotonic()

    def answer(status: int | None = None, *, fault: str = "", excerpt: str = "") -> Answer:
        return Answer(status, int((time.monotonic() - started) * 1000), fault, excerpt)

    try:
        if not named_by_operator:
            check_url(url)
        connection = _Connection(urlsplit(url), may_be_inside=named_by_operator)
        status, excerpt = _call(connection, urlsplit(url), body, headers, keep)
    except (UnprocessableError, _ForbiddenAddressError):
        return answer(fault=Fault.ADDRESS)
    except (socket.gaierror, UnicodeError):
        return answer(fault=Fault.NAME)
    except ssl.SSLError:
        return answer(fault=Fault.TLS)
    except OSError:
        return answer(fault=Fault.SILENCE)
    except (http.client.HTTPException, ValueError):
        return answer(fault=Fault.BROKEN)
    return answer(status, excerpt=excerpt)


def is_public(address: str) -> bool:
    """Tell whether an IP address is on the open internet, also when dressed as another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - a port that is none raises
    except ValueError:
        return None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return parts if is_plain and parts.scheme in {"http", "https"} else None


def _is_fit(parts: SplitResult) -> bool:
    return parts.scheme == "https" and str(parts.port or 443) in settings.WEBHOOK_PORTS


def _call(
    connection: "_Connection",
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    keep: int,
) -> tuple[int, str]:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with closing(connection):
        # A server that answers a byte now and then would hold a worker for ever.
        alarm = Timer(_WHOLE_SECONDS, connection.hang_up)
        alarm.daemon = True
        alarm.start()
        try:
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            words = response.read(keep).decode("utf-8", "replace").replace("\x00", "")
        finally:
            alarm.cancel()
    return response.status, words


class _Connection(http.client.HTTPConnection):
    """A connection to the one address that was judged, with TLS for the name that was asked."""

    def __init__(self, parts: SplitResult, *, may_be_inside: bool) -> None:
        self._may_be_inside = may_be_inside or settings.WEBHOOK_INSECURE
        self._is_tls = parts.scheme == "https"
        port = parts.port or (443 if self._is_tls else 80)
        super().__init__(str(parts.hostname), port, timeout=_CONNECT_SECONDS)
        self.default_port = 443 if self._is_tls else 80  # what the Host header leaves out
        # The library lets go of its socket while the body of an answer is still being read.
        self._line: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the judged address; TLS is verified as everywhere."""
        plain = socket.create_connection((self._address(), self.port), _CONNECT_SECONDS)
        self.sock = plain
        if self._is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)
        self._line = self.sock

    def hang_up(self) -> None:
        """End the call from another thread; what waits for an answer gets an OSError."""
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _address(self) -> str:
        """Return an address of the name; one that is not public among them refuses them all."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        if not self._may_be_inside and not all(map(is_public, addresses)):
            raise _ForbiddenAddressError
        return addresses[0]
