"""Who a person is whom a provider has brought."""

import secrets

from django.db import IntegrityError, transaction

from accounts.encryption import lookup_hash
from accounts.journal import journal
from accounts.models import ForeignIdentifier, Identity, User
from accounts.models.identities import foreign_hash
from accounts.models.people import NAME_LENGTH
from accounts.providers.types import Code, Proof
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError


@transaction.atomic
def recognise_person(proof: Proof) -> User:
    """Return the person with the code that was proved, and note that he came this way.

    Names decide nothing and change nothing. A personal code nobody has makes a new person without
    a password, when the provider may bring one; else `person-unknown`, and for a code of another
    country `foreigner-unknown`: an officer decides about those.
    """
    user = _person_with(proof.code) or _new_person(proof)
    now = clock.now()
    identity, is_new = Identity.objects.get_or_create(
        provider=str(proof.means),
        subject_hash=_hash(proof.code),
        defaults={"user": user, "first_used_at": now, "last_used_at": now},
    )
    identity.user, identity.last_used_at = user, now
    identity.evidence = dict(proof.means.evidence)
    identity.save(update_fields=["user", "last_used_at", "evidence"])
    if is_new:
        journal(user, "accounts.identity-noted", str(proof.means))
    return user


def _person_with(code: Code) -> User | None:
    if code.is_personal:
        return User.objects.with_personal_code(code.number).first()
    known = ForeignIdentifier.objects.of(code.country, code.number).select_related("user").first()
    return known.user if known else None


def _new_person(proof: Proof) -> User:
    if not proof.code.is_personal:
        raise ForbiddenError("foreigner-unknown")
    if not proof.makes_people:
        raise ForbiddenError("person-unknown")
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                f"asmuo-{secrets.token_hex(8)}",
                first_name=proof.first_name[:NAME_LENGTH],
                last_name=proof.last_name[:NAME_LENGTH],
                personal_code=proof.code.number,
            )
    except IntegrityError:  # the same person has come twice at once
        return User.objects.with_personal_code(proof.code.number).get()
    journal(user, "accounts.person-made", str(proof.means))
    return user


def _hash(code: Code) -> str:
    if code.is_personal:
        return lookup_hash(code.number)
    return foreign_hash(code.country, code.number)
