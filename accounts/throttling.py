"""How often somebody may try to sign in, and how often a key may be used."""

from typing import TYPE_CHECKING, Any, cast

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.encryption import lookup_hash
from accounts.models import Credential, User
from imas.kernel.errors import ThrottledError
from imas.web.exceptions import refusal_of
from imas.web.views import refuse

if TYPE_CHECKING:  # APIView reads the settings that name this module
    from rest_framework.views import APIView

    from imas.web.cache import RedisCache

RECOVERIES_PER_HOUR = 20
APPLICATIONS_PER_HOUR = 10
_HOUR = 3600

# Redis keeps the moments, by its own clock, of as many requests as are allowed: one more is taken
# when the first of them is a whole time ago. Answers how long that will be, 0 when it is taken.
_COUNTED = """
    local most, window = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000000
    if most < 1 then return window end
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local first = redis.call('LINDEX', KEYS[1], -most)
    if first and first + window > now then return first + window - now end
    redis.call('RPUSH', KEYS[1], now)
    redis.call('LTRIM', KEYS[1], -most, -1)
    redis.call('EXPIRE', KEYS[1], ARGV[2])
    return 0
"""


def normal_login_name(typed: str) -> str:
    """Return a login name as it is kept: capitals and blanks around it make no difference."""
    return typed.strip().lower()


def username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the name an attempt is counted under, known or not."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return normal_login_name(str(typed))[:255]


def address(request: HttpRequest) -> str:
    """Return the address an attempt comes from; a proxy's word is taken only when there is one."""
    if settings.BEHIND_PROXY and (through := request.headers.get("X-Forwarded-For")):
        return through.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


class SignInHandler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Counts failures per name and per address; an address may hold an office, so it gets more."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures of the name, or of the address at its own scale, the larger."""
        share = settings.SIGN_IN_ATTEMPTS_PER_ADDRESS // settings.SIGN_IN_ATTEMPTS
        by_name, by_address = (
            int(sum(attempts.values_list("failures_since_start", flat=True)))
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(by_name, by_address // share)


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """Answer 429 in the same words for every name, known or not."""
    seconds = int(settings.SIGN_IN_LOCK_SECONDS)
    refusal = refusal_of(ThrottledError("too-many-sign-ins", retry_after=str(seconds)))
    assert refusal is not None  # noqa: S101 - a ThrottledError always is a refusal
    return refuse(request, refusal)


def second_name(user: User) -> str:
    """Return the name that wrong second factors are counted under.

    Nobody can type it at the sign-in page, so only who has proved the first factor counts here.
    """
    return lookup_hash(f"second-factor:{user.pk}")


def refuse_if_closed(request: HttpRequest, user: User) -> None:
    """Raise `ThrottledError` when too many wrong second factors have been given."""
    if not AxesProxyHandler.is_allowed(request, {"username": second_name(user)}):
        raise ThrottledError("too-many-sign-ins", retry_after=str(settings.SIGN_IN_LOCK_SECONDS))


def count_wrong_factor(request: HttpRequest, user: User) -> None:
    """Count a wrong second factor; the one too many is answered by `locked_out`."""
    credentials = {"username": second_name(user)}
    AxesProxyHandler.user_login_failed(sender=__name__, credentials=credentials, request=request)


def spend_recovery(request: HttpRequest) -> None:
    """Count one forgotten password of this address; too many an hour: `ThrottledError`."""
    _spend(request, "recovery", RECOVERIES_PER_HOUR, "too-many-recoveries")


def spend_application(request: HttpRequest) -> None:
    """Count one application for access of this address; too many an hour: `ThrottledError`."""
    _spend(request, "application", APPLICATIONS_PER_HOUR, "too-many-applications")


def _spend(request: HttpRequest, what: str, most: int, code: str) -> None:
    key = f"accounts.{what}.{address(request)}"
    cache.add(key, 0, _HOUR)
    if cache.incr(key) > most:
        raise ThrottledError(code, retry_after=str(_HOUR))


class KeyThrottle(SimpleRateThrottle):
    """So many requests a minute per credential, however many processes answer them at once.

    Any minute counts, not that of the clock; who is refused is not counted. Retry-After says when
    to come again.
    """

    scope = "key"
    _microseconds = 0

    def allow_request(self, request: Request, _view: "APIView") -> bool:
        """Count a request by its key; those without one are refused before this."""
        if not isinstance(request.auth, Credential):
            return True
        key = f"accounts.key-rate.{request.auth.pk}"
        kept = cast("RedisCache", cache)
        self._microseconds = kept.run(_COUNTED, key, *self.parse_rate(self.rate))
        return not self._microseconds

    def wait(self) -> float:
        """Return the seconds until a request is taken again."""
        return self._microseconds / 1_000_000
