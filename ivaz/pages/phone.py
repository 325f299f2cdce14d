"""What the phone view shows: waybills under way, one of them, and what may be done to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web.exceptions import Refusal
from intake.presenting import shown
from ivaz import selectors
from ivaz.forms.phone import PHONE_ACTS, act_form
from ivaz.models import WaybillParty
from ivaz.pages.waybills import WaybillPage
from ivaz.services.phoning import Outcome
from ivaz.states import allowed
from ivaz.types import Act, Role, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

LABELS: "Mapping[Act, _StrPromise]" = {
    Act.ACCEPT: _("Take the goods over"),
    Act.DELIVER: _("Goods are delivered"),
    Act.RECEIVE: _("Confirm the receipt"),
    Act.RELOAD: _("Change the vehicle"),
}


@dataclass(frozen=True, slots=True)
class PhoneAct:
    """Something the party may do now, with its form; `key` serves where scripts do not."""

    label: Any
    url: str
    form: Form
    key: str
    is_open: bool = False


class PhonePage(WaybillPage):
    """A waybill on a phone."""

    def acts_with(self, sent: Act | None = None, form: Form | None = None) -> list[PhoneAct]:
        """Return what the party may do; a form that was sent with mistakes stands open."""
        may = allowed(State(self.waybill.state), self._roles)
        return [
            PhoneAct(
                LABELS[act],
                reverse(f"ivaz:phone-{act}", args=[self.waybill.rn]),
                form if form and act is sent else act_form(act, self.lines),
                f"{uuid4()}",
                is_open=act is sent,
            )
            for act in PHONE_ACTS
            if act in may
        ]

    @property
    def waits(self) -> bool:
        """Whether the party is to do something before all others."""
        if self.waybill.state == State.SENT and Role.TRANSPORTER in self._roles:
            return True
        may = allowed(State(self.waybill.state), self._roles)
        return Act.RECEIVE in may and self.waybill.dispatch_at <= clock.now()


def pages_of(parties: Iterable[WaybillParty]) -> Iterator[PhonePage]:
    """Yield the waybills of a list."""
    for party in parties:
        yield PhonePage(party.waybill, frozenset(Role(role) for role in party.roles))


def outcome_out(outcome: Outcome) -> dict[str, Any]:
    """Return what became of an act, as the phone reads it."""
    told = [shown(selectors.KIND, problem) for problem in outcome.problems]
    words = " ".join(f"{one.message} {one.mend}".strip() for one in told)
    return {"taken": outcome.is_taken, "words": words}


def refusal_out(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal the same way."""
    return {"taken": False, "words": f"{refusal.title}. {refusal.detail}"}


def mistakes_out(forms: Iterable[Form]) -> dict[str, Any]:
    """Return what is not filled in correctly the same way."""
    told = [
        f"{form.fields[name].label}: {error}" if name in form.fields else f"{error}"
        for form in forms
        for name, errors in form.errors.items()
        for error in errors
    ]
    return {"taken": False, "words": " ".join(told)}
