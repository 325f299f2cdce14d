"""An act done once, however often it is sent: its answer stands in the transaction of what it did.

For acts that are short and are one transaction. Requests that do more, and may break off between,
are `intake.idempotency`'s; both keep their answers in the same table, apart by address.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from imas.kernel import clock
from imas.kernel.errors import UnprocessableError
from intake.models import IdempotencyRecord
from representation.types import Acting

Answer = Mapping[str, Any]
_DONE = 200


def scope_of(acting: Acting, *place: str) -> str:
    """Return what keys are told apart by: their sender, the taxpayer, and a place."""
    owner = str(acting.key_id or acting.user_id)
    parts = (owner, str(acting.taxpayer_id), *place)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def do_once(scope: str, key: str, asked: str, do: Callable[[], Answer]) -> Answer:
    """Do something and keep its answer under a key, or return the answer that is kept.

    Of two at once the second waits and gets the answer of the first: the table has each key once.
    What `do` raises undoes everything, and the key is free again. `asked` is a digest of what is
    asked for: UnprocessableError("idempotency-key-reused") where the key stood for something else.
    """
    with transaction.atomic():
        kept, is_new = IdempotencyRecord.objects.get_or_create(
            scope=scope,
            key=key,
            defaults={"fingerprint": asked, "started_at": clock.now(), "status": _DONE},
        )
        if kept.fingerprint != asked:
            raise UnprocessableError("idempotency-key-reused")
        if is_new:
            kept.body = dict(do())
            kept.save(update_fields=["body"])
    return dict(kept.body or {})
