"""Passkeys (WebAuthn): what the browser is asked for, and whether its answer proves anything.

The person's device must know its owner (user verification), so a passkey is two factors at once.
Each question is answered at most once: the caller takes its state out of the session.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.encryption import lookup_hash
from accounts.journal import journal
from accounts.models import Passkey, User
from accounts.services.factors import ISSUER
from accounts.services.letters import write_letter
from accounts.types import LetterKind
from imas.kernel import clock

Question = tuple[str, dict[str, Any]]
"""What the browser is asked, as JSON, and what must be remembered until it answers."""
_UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    UnsupportedAlgorithm,
)
"""How the library stumbles over an answer that no browser gives."""
_VERIFIED = UserVerificationRequirement.REQUIRED


def begin_passkey(user: User) -> Question:
    """Ask the browser for a new passkey of this person."""
    entity = PublicKeyCredentialUserEntity(
        id=bytes.fromhex(lookup_hash(f"passkey:{user.pk}")),
        name=user.login_name,
        display_name=user.full_name,
    )
    options, state = _server().register_begin(
        entity,
        _credentials(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=_VERIFIED,
    )
    return _json(options), json.loads(_json(state))


@transaction.atomic
def add_passkey(user: User, state: Mapping[str, Any], answer: str, name: str) -> bool:
    """Keep the passkey the browser made; False when the answer does not fit the question."""
    try:
        given = _server().register_complete(dict(state), json.loads(answer))
    except _UNREADABLE:
        return False
    credential = given.credential_data
    if credential is None or Passkey.objects.filter(credential_id=credential.credential_id):
        return False
    Passkey.objects.create(
        user=user,
        name=name,
        credential_id=credential.credential_id,
        credential=bytes(credential),
        sign_count=given.counter,
        is_synced=bool(given.flags & AuthenticatorData.FLAG.BS),
        created_at=clock.now(),
    )
    journal(user, "accounts.passkey-added", name)
    write_letter(user, LetterKind.FACTOR_CHANGED)
    return True


def ask_for_passkey(user: User | None = None) -> Question:
    """Ask the browser for a passkey of this person; of whoever has one, when nobody is named."""
    allowed = _credentials(user) if user else None
    options, state = _server().authenticate_begin(allowed, user_verification=_VERIFIED)
    return _json(options), json.loads(_json(state))


@transaction.atomic
def prove_by_passkey(
    state: Mapping[str, Any], answer: str, user: User | None = None
) -> User | None:
    """Return the person whose passkey has answered the question, else None.

    A counter that runs backwards tells of a copied key: refused and journalled.
    """
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
    except _UNREADABLE:
        return None
    passkey = _passkey(response, user)
    if passkey is None:
        return None
    owner: User = passkey.user
    if not _answers(passkey, state, response):
        journal(owner, "accounts.second-factor-refused", "passkey")
        return None
    passkey.sign_count = response.response.authenticator_data.counter
    passkey.last_used_at = clock.now()
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return owner


def _passkey(response: AuthenticationResponse | None, user: User | None) -> Passkey | None:
    if response is None:
        return None
    found = Passkey.objects.select_for_update(of=["self"]).select_related("user")
    found = found.filter(credential_id=response.raw_id)
    return (found.filter(user=user) if user else found).first()


def _answers(passkey: Passkey, state: Mapping[str, Any], response: AuthenticationResponse) -> bool:
    credential = AttestedCredentialData(bytes(passkey.credential))
    try:
        _server().authenticate_complete(dict(state), [credential], response)
    except _UNREADABLE:
        return False
    counter = response.response.authenticator_data.counter
    return counter == passkey.sign_count == 0 or counter > passkey.sign_count


def _server() -> Fido2Server:
    """Return the one who asks: this house at exactly this address."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    house = PublicKeyCredentialRpEntity(name=ISSUER, id=host)
    return Fido2Server(house, verify_origin=lambda origin: origin == settings.SITE_URL)


def _credentials(user: User) -> list[AttestedCredentialData]:
    kept = Passkey.objects.filter(user=user).values_list("credential", flat=True)
    return [AttestedCredentialData(bytes(one)) for one in kept]


def _json(value: Any) -> str:
    return json.dumps(dict(value), default=dict)
