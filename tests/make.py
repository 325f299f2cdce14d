"""Builders every test may use: the least that is true, everything else by name."""

import secrets
from base64 import b32decode, b32encode
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings
from django.test import Client
from django_otp.oath import TOTP
from stdnum.ee import ik as personal
from stdnum.lt import pvm

from accounts import stepup
from accounts.certificates import new_certificate
from accounts.encryption import lookup_hash
from accounts.keys import new_key
from accounts.models import (
    ApiKey,
    Certificate,
    ForeignApplication,
    ForeignIdentifier,
    TotpDevice,
    User,
)
from accounts.models.identities import foreign_hash
from accounts.pki.authority import Subject
from accounts.types import ApplicationState, IdentifierKind, Scope
from imas.kernel import clock
from imas.kernel.periods import PeriodKind
from representation.models import (
    Accountant,
    Employment,
    Headship,
    Mandate,
    Taxpayer,
    TaxPeriodKind,
    VatRegistration,
)
from representation.rights import EVERY_RIGHT
from representation.types import (
    WHOLE,
    AccountantKind,
    Acting,
    MandateSource,
    MandateState,
    Narrowing,
    TaxpayerKind,
    Why,
    WhyKind,
)

_serial = count(1)
PASSWORD = "Vidury-lauko-kūdra-7"
LONG_AGO = date(2016, 1, 1)


def legal_code() -> str:
    """Return a valid code of a legal entity, a new one each time."""
    body = f"30{next(_serial):06}"
    return body + str(pvm.calc_check_digit(body))


def personal_code() -> str:
    """Return a valid personal code, a new one each time."""
    serial = next(_serial)
    born = date(1950, 1, 1) + timedelta(days=serial // 1000)
    body = f"3{born:%y%m%d}{serial % 1000:03}"
    return body + str(personal.calc_check_digit(f"{body}0"))  # the last digit is not counted


def make_user(login_name: str = "", *, ready: bool = True, **fields: object) -> User:
    """Make a person; `ready` has accepted the rules and confirmed an address just now."""
    serial = next(_serial)
    login_name = login_name or f"person{serial}"
    if ready:
        now = clock.now()
        fields = {
            "email": f"{login_name}@example.lt",
            "email_confirmed_at": now,
            "rules_version": settings.RULES_VERSION,
            "rules_accepted_at": now,
            **fields,
        }
    names = {"first_name": "Ona", "last_name": f"Petraitė {serial}", "language": "en"}
    return User.objects.create_user(login_name, PASSWORD, **{**names, **fields})


def make_foreigner(country: str = "PL", code: str = "85041212346", **fields: Any) -> User:
    """Make a person without a Lithuanian personal code, as an approved application does."""
    fingerprint = foreign_hash(country, code)
    user = make_user(personal_code_hash=fingerprint, **fields)
    ForeignIdentifier.objects.create(
        user=user, country=country, code=code, code_hash=fingerprint, created_at=clock.now()
    )
    return user


def make_application(**fields: Any) -> ForeignApplication:
    """Make an application for access whose address is confirmed and that waits for an officer."""
    serial, now = next(_serial), clock.now()
    told = {
        "state": ApplicationState.WAITING,
        "first_name": "Jan",
        "last_name": "Kowalski",
        "country": "PL",
        "kind": IdentifierKind.PASSPORT,
        "code": f"EA{serial:07}",
        "email": f"applicant{serial}@example.pl",
        "purpose": "I head a company.",
        "confirmed_at": now,
        "created_at": now,
        **fields,
    }
    fingerprint = foreign_hash(str(told["country"]), str(told["code"]))
    return ForeignApplication.objects.create(code_hash=fingerprint, **told)


def make_totp(user: User) -> TotpDevice:
    """Let a person have an app that shows codes; `code_of` reads it."""
    secret = b32encode(secrets.token_bytes(20)).decode()
    return TotpDevice.objects.create(
        user=user, name="totp", confirmed=True, secret=secret, created_at=clock.now()
    )


def code_of(secret: str, steps: int = 0) -> str:
    """Return what an app with this secret shows, so many half-minutes from now."""
    totp = TOTP(b32decode(secret.replace(" ", "")), drift=steps)
    totp.time = clock.now().timestamp()
    return f"{totp.token():06}"


def prove_second_factor(client: Client) -> None:
    """Make the second factor of whoever is signed in there as good as just proved."""
    session = client.session
    stepup.confirm(session)
    session.save()


def make_taxpayer(
    code: str = "",
    *,
    kind: TaxpayerKind = TaxpayerKind.LEGAL,
    name: str = "",
    vat_code: str = "",
    period_kind: PeriodKind | None = PeriodKind.MONTH,
) -> Taxpayer:
    """Make a taxpayer, with a VAT code and a tax period since 2016 when given."""
    code = code or (personal_code() if kind == TaxpayerKind.NATURAL else legal_code())
    taxpayer = Taxpayer.objects.create(kind=kind, code=code, name=name or f"UAB „Bandymas {code}“")
    if vat_code:
        VatRegistration.objects.create(taxpayer=taxpayer, vat_code=vat_code, valid_from=LONG_AGO)
    if period_kind:
        TaxPeriodKind.objects.create(taxpayer=taxpayer, kind=period_kind, valid_from=LONG_AGO)
    return taxpayer


def fingerprint_of(user: User) -> str:
    """Return what registers and mandates know a person by, giving him a code if without one."""
    if not user.personal_code_hash:
        user.personal_code = personal_code()
        user.personal_code_hash = lookup_hash(user.personal_code)
        user.save(update_fields=["personal_code", "personal_code_hash"])
    return user.personal_code_hash


def make_headship(
    user: User, taxpayer: Taxpayer, *, since: date = LONG_AGO, until: date | None = None
) -> Headship:
    """Put a person at the head of a company."""
    return Headship.objects.create(**_held(user, taxpayer, since, until))


def make_accountant(
    user: User,
    taxpayer: Taxpayer,
    *,
    kind: AccountantKind = AccountantKind.SOLE,
    since: date = LONG_AGO,
    until: date | None = None,
) -> Accountant:
    """Let a person keep a company's books (FR0791)."""
    return Accountant.objects.create(kind=kind, **_held(user, taxpayer, since, until))


def make_employment(
    user: User, taxpayer: Taxpayer, *, since: date = LONG_AGO, until: date | None = None
) -> Employment:
    """Let a person work for a company."""
    return Employment.objects.create(**_held(user, taxpayer, since, until))


def _held(user: User, taxpayer: Taxpayer, since: date, until: date | None) -> dict[str, Any]:
    """A post as the registers know it."""
    return {
        "person": fingerprint_of(user),
        "person_name": user.full_name,
        "taxpayer": taxpayer,
        "since": since,
        "until": until,
    }


def make_grant(
    holder: User | Taxpayer,
    taxpayer: Taxpayer,
    *rights: str,
    since: date = LONG_AGO,
    until: date | None = None,
    state: MandateState = MandateState.ACTIVE,
    via: Mandate | None = None,
    passing_on: int = 0,
    narrowing: Narrowing = WHOLE,
) -> Mandate:
    """Let a taxpayer give rights to a person or a firm, till the last day of a mandate."""
    whose: dict[str, Any] = {"firm": holder}
    if isinstance(holder, User):
        whose = {
            "user": holder,
            "person": fingerprint_of(holder),
            "person_name": holder.full_name,
        }
    mandate = Mandate(
        **whose,
        taxpayer=taxpayer,
        rights=sorted(rights),
        since=since,
        until=until or clock.today() + timedelta(days=settings.MANDATE_DAYS),
        state=state,
        via=via,
        passing_on=passing_on,
        source=MandateSource.OFFER,
        created_at=clock.now(),
    )
    mandate.narrow(narrowing)
    mandate.save(force_insert=True)
    return mandate


def make_acting(*rights: str, user: User | None = None, taxpayer: Taxpayer | None = None) -> Acting:
    """Make somebody acting for a taxpayer with these rights, all of them when none are named."""
    user = user or make_user()
    taxpayer = taxpayer or make_taxpayer()
    return Acting(
        user_id=user.pk,
        taxpayer_id=taxpayer.pk,
        taxpayer_code=taxpayer.code,
        taxpayer_vat=taxpayer.vat_code_on(clock.today()),
        taxpayer_name=taxpayer.name,
        rights=frozenset(rights) or EVERY_RIGHT,
        why=Why(WhyKind.HEAD, LONG_AGO),
    )


def make_signing_request(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None,
) -> tuple[bytes, bytes]:
    """Make a private key and its signing request, both as PEM."""
    private = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Apskaita")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name)
    signed = request.sign(private, hashes.SHA256())
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ), signed.public_bytes(serialization.Encoding.PEM)


def make_certificate(
    user: User,
    *taxpayers: Taxpayer,
    rights: tuple[str, ...] = tuple(EVERY_RIGHT),
    networks: tuple[str, ...] = (),
    days: int = 30,
) -> tuple[Certificate, bytes]:
    """Make a certificate of a user's program; returns it with the private key as PEM."""
    private, request = make_signing_request()
    scope = _scope(taxpayers, rights, networks, days)
    certificate = new_certificate(user, request, Subject("UAB Pavyzdys", "Apskaita"), scope)
    return certificate, private


def make_api_key(
    user: User,
    *taxpayers: Taxpayer,
    rights: tuple[str, ...] = tuple(EVERY_RIGHT),
    networks: tuple[str, ...] = (),
    days: int = 30,
) -> tuple[ApiKey, str]:
    """Make a key of a user's program; returns it with the plain text to send."""
    return new_key(user, "Apskaita", _scope(taxpayers, rights, networks, days))


def _scope(
    taxpayers: Iterable[Taxpayer], rights: Iterable[str], networks: Iterable[str], days: int
) -> Scope:
    codes = [taxpayer.code for taxpayer in taxpayers]
    return Scope([*rights], codes, clock.now() + timedelta(days=days), [*networks])
