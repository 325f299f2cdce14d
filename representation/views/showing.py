"""What the pages about mandates share: a mandate in words, a deed that may be refused."""

from collections.abc import Callable
from typing import Any

from django.forms import Form

from imas.kernel.errors import DomainError
from imas.web.messages import words_for
from representation import limits, tasks
from representation.messages import rights_words, state_words
from representation.models import Mandate
from representation.types import MandateState


def shown(mandate: Mandate) -> dict[str, Any]:
    """Return a mandate with its rights and state in the reader's language."""
    return {
        "mandate": mandate,
        "rights": rights_words(mandate.rights),
        "limits": limits.words(mandate.limits),
        "state": state_words(mandate.state),
        "is_request": mandate.state == MandateState.REQUESTED,
    }


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
