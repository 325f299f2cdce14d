"""The journal: every write tells who did it, for whom, and by which right."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.db import connection

from accounts.models import User
from imas.kernel import clock
from imas.web import trace
from representation.limits import as_text
from representation.models import JournalEntry, Mandate, Proposal
from representation.types import Acting, Why, WhyKind

# Every request that does something writes one: Django would put it together anew each time.
_ENTRY = """
    INSERT INTO representation_journalentry
        (at, user_id, taxpayer_id, action, subject, params, why, key_id, request_id)
    VALUES (%(at)s, %(user)s, %(taxpayer)s, %(action)s, %(subject)s, %(params)s, %(why)s, %(key)s,
        %(request)s)
"""


def journal(acting: Acting, action: str, subject: str | UUID = "", **params: str) -> None:
    """Write down what was done, in the transaction that does it.

    `action` is dotted ("isaf.register-submitted"), `subject` names the thing (a number or an
    id), `params` hold what is needed to tell it again; never a secret or a document.
    """
    row = {
        "at": clock.now(),
        "user": acting.person_id,
        "taxpayer": acting.taxpayer_id,
        "action": action,
        "subject": str(subject),
        "params": json.dumps(params),
        "why": json.dumps(acting.why.as_params()),
        "key": acting.key_id,
        "request": trace.request_id(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY, row)


def journal_person(user: User | None, action: str, subject: str, params: Mapping[str, str]) -> None:
    """Write down what a person did about himself, for no taxpayer; None: nobody we know."""
    JournalEntry.objects.create(
        at=clock.now(),
        user=user,
        action=action,
        subject=subject,
        params=dict(params),
        request_id=trace.request_id(),
    )


def journal_officer(user: User | None, action: str, subject: str = "", **params: str) -> None:
    """Write down what an officer did, or an operator at the server's own console (None)."""
    JournalEntry.objects.create(
        at=clock.now(),
        user=user,
        action=action,
        subject=subject,
        params=params,
        request_id=trace.request_id(),
    )


def journal_mandate(user: User, action: str, mandate: Mandate) -> None:
    """Write down in the taxpayer's journal what the representative himself did to a mandate."""
    JournalEntry.objects.create(
        at=clock.now(),
        user=user,
        taxpayer_id=mandate.taxpayer_id,
        action=action,
        subject=mandate.holder_name,
        params=mandate_params(mandate),
        why=Why(WhyKind.FIRM if mandate.firm_id else WhyKind.GRANT).as_params(),
        request_id=trace.request_id(),
    )


def mandate_params(mandate: Mandate | Proposal) -> dict[str, str]:
    """Return what the journal keeps of a mandate, or of what one is proposed to be."""
    until = mandate.until.isoformat() if mandate.until else ""
    told = {"rights": ",".join(mandate.rights), "until": until}
    narrowing = as_text(mandate.limits, read_only=mandate.read_only)
    return {**told, **({"limits": narrowing} if narrowing else {})}
