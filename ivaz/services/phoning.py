"""Acts pressed on a phone, perhaps without a signal: done once, whenever they arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from imas.kernel import clock
from imas.kernel.errors import ConflictError
from imas.kernel.problems import Problem
from intake.once import do_once, scope_of
from ivaz.models.files import as_json, problem_of
from ivaz.selectors import SUBMIT
from ivaz.services import noting, sending
from ivaz.services.reloading import Reload, reload
from ivaz.services.verdicts import Verdict
from ivaz.types import Act, Content, Section
from representation.types import Acting

KEPT_DAYS = 7
"""So long a phone keeps an act that could not be sent."""
_AHEAD = timedelta(minutes=5)
"""So far a phone's clock may be before ours."""

Told = tuple[Section, Content] | Reload | None
"""What an act says: a record, another vehicle with its reason; None that goods are delivered."""


@dataclass(frozen=True, slots=True)
class Press:
    """An act as the phone sends it: under which key, by whose page, of what form, and when.

    `asked` is a digest of the form. `at` is None where the phone does not tell it.
    """

    key: UUID
    owner: str
    asked: str
    at: datetime | None = None

    @property
    def moment(self) -> datetime | None:
        """When it was pressed; None where the phone's word cannot be."""
        now = clock.now()
        is_likely = self.at and now - timedelta(days=KEPT_DAYS) <= self.at <= now + _AHEAD
        return self.at if is_likely else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act; the same for whoever sends it again."""

    is_taken: bool
    problems: Sequence[Problem] = ()


def owner_of(acting: Acting) -> str:
    """Return whose pages a phone keeps: a mark of the person and the taxpayer that tells neither.

    It is the same in every session, so that what could not be sent is found again after the next
    sign-in.
    """
    told = f"{acting.user_id}:{acting.taxpayer_id}"
    return salted_hmac("ivaz.phone", told, algorithm="sha256").hexdigest()[:32]


def act_once(acting: Acting, press: Press, rn: str, act: Act, told: Told) -> Outcome:
    """Do an act of a phone.

    ConflictError("phone-owner-changed") for a page of another person or taxpayer,
    UnprocessableError("idempotency-key-reused"), and what the act itself is refused with.
    """
    acting.require_wholly(SUBMIT)
    if press.owner != owner_of(acting):
        raise ConflictError("phone-owner-changed")
    scope = scope_of(acting, "ivaz.phone", rn, act)
    kept = do_once(scope, f"{press.key}", press.asked, lambda: _done(acting, press, rn, told))
    return _outcome(kept)


def _done(acting: Acting, press: Press, rn: str, told: Told) -> Mapping[str, Any]:
    if told is None:
        noting.deliver(acting, rn, press.moment)
        return {"is_taken": True, "problems": []}
    if isinstance(told, Reload):
        return _as_kept(reload(acting, rn, told, press.moment))
    section, content = told
    (verdict,) = sending.send(acting, {section: [content]}, pressed_at=press.moment)
    return _as_kept(verdict)


def _as_kept(verdict: Verdict) -> Mapping[str, Any]:
    problems = [as_json(problem) for problem in verdict.problems]
    return {"is_taken": verdict.is_taken, "problems": problems}


def _outcome(kept: Mapping[str, Any]) -> Outcome:
    return Outcome(kept["is_taken"], [problem_of(told) for told in kept["problems"]])
