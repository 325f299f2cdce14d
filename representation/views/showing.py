"""What the pages about mandates share: a mandate in words, a deed that may be refused."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.utils.translation import gettext

from imas.kernel import clock
from imas.kernel.errors import DomainError
from imas.web.messages import words_for
from representation import limits, tasks
from representation.messages import rights_words, state_words
from representation.models import Mandate
from representation.types import WAITING, MandateSource, MandateState, ProposalState
from representation.ways import broken_now
from representation.why_words import BREAKS


def shown(mandate: Mandate) -> dict[str, Any]:
    """Return a mandate with its rights and state in the reader's language."""
    is_request = mandate.source == MandateSource.REQUEST and mandate.state in WAITING
    # That one administrator has accepted a request is no matter of whoever asked.
    state = MandateState.REQUESTED if is_request else mandate.state
    return {
        "mandate": mandate,
        "rights": rights_words(mandate.rights),
        "limits": limits.words(mandate.limits),
        "state": state_words(state),
        "is_request": is_request,
    }


def offered_words(mandate: Mandate) -> str:
    """Say what became of an offer: it goes out, or waits for a second administrator."""
    if mandate.state == MandateState.AWAITING_SECOND:
        return gettext("The offer goes out when a second administrator has approved it.")
    return gettext("The offer is sent. It holds once it is accepted.")


def accepted_words(mandate: Mandate) -> str:
    """Say what became of an accepted request."""
    if mandate.state == MandateState.AWAITING_SECOND:
        return gettext("The mandate holds when a second administrator has approved it.")
    return gettext("The mandate holds from now.")


def saved_words(mandate: Mandate) -> str:
    """Say what became of a change."""
    if mandate.proposals.filter(state=ProposalState.OPEN).exists():
        return gettext("What is added holds when a second administrator has approved it.")
    return gettext("The representative's data are saved.")


def send_offer(mandate: Mandate) -> None:
    """Let the letter of an offer go as soon as it is written down."""
    for letter_id in mandate.letters.values_list("pk", flat=True):
        tasks.send_letter.delay_on_commit(str(letter_id))


def tried(form: Form, deed: Callable[[], object]) -> bool:
    """Do it, or let the form say why it was refused, keeping what was typed."""
    try:
        deed()
    except DomainError as refusal:
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        form.add_error(None, f"{title}. {detail}")
        return False
    return True


def broken_of(mandates: Iterable[Mandate]) -> dict[UUID, dict[str, Any]]:
    """Return in words what breaks mandates that would hold by themselves now, by their ids."""
    own = {mandate.pk: mandate for mandate in mandates}
    return {
        pk: {
            "mandate": own[pk],
            "at": link.standing.mandate,
            "breaks": [(str(BREAKS[one.kind]), one.day) for one in link.breaks],
        }
        for pk, link in broken_now(own.values(), clock.today()).items()
    }
