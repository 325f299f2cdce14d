from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from accounts.models import ForeignIdentifier, Identity, User
from accounts.models.identities import foreign_hash
from accounts.providers import types
from accounts.providers.types import Code, Proof
from accounts.services import recognise_person
from accounts.types import Assurance, Means, MeansKind
from imas.kernel import clock
from imas.kernel.errors import ForbiddenError
from representation.models import JournalEntry
from tests.make import make_user, personal_code

pytestmark = pytest.mark.django_db
BANK = Means(MeansKind.VIISP, "auth.lt.bank", Assurance.SUBSTANTIAL, evidence={"proxySource": "GR"})
CARD = Means(MeansKind.OIDC, "card", Assurance.HIGH, two_factors=True)


def _proof(code: Code | None = None, means: Means = BANK, *, trusted: bool = True) -> Proof:
    code = code or types.personal(personal_code())
    return Proof(means, code, "Žygimantė", "Šiaučiūnaitė", makes_people=trusted)


def _foreigner(country: str = "EE", number: str = "38001085718") -> User:
    user = make_user()
    ForeignIdentifier.objects.create(
        user=user,
        country=country,
        code=number,
        code_hash=foreign_hash(country, number),
        created_at=clock.now(),
    )
    return user


def test_a_code_nobody_has_makes_a_person_without_a_password_who_is_not_ready() -> None:
    proof = _proof()
    user = recognise_person(proof)
    user.refresh_from_db()
    assert (user.full_name, user.personal_code) == ("Žygimantė Šiaučiūnaitė", proof.code.number)
    assert not user.has_usable_password()
    assert proof.code.number not in user.login_name
    assert not user.is_ready(clock.now())


def test_the_same_code_is_the_same_person_whatever_names_the_bank_sends() -> None:
    proof = _proof()
    user = recognise_person(proof)
    for first, last in [("SIAUCIUNAITE", "ZYGIMANTE"), ("", ""), ("Ona", "Kita")]:
        assert recognise_person(replace(proof, first_name=first, last_name=last)) == user
    user.refresh_from_db()
    assert user.full_name == "Žygimantė Šiaučiūnaitė"


def test_the_same_names_with_another_code_are_another_person() -> None:
    assert recognise_person(_proof()) != recognise_person(_proof())


def test_a_person_of_the_authority_is_found_by_code() -> None:
    code = personal_code()
    user = make_user(personal_code=code)
    assert recognise_person(_proof(types.personal(code))) == user


def test_a_person_has_one_identity_for_each_way_in_and_it_keeps_what_was_said_last() -> None:
    proof = _proof()
    user = recognise_person(proof)
    recognise_person(replace(proof, means=CARD))
    recognise_person(replace(proof, means=replace(BANK, evidence={"proxySource": "JAR"})))
    kept = {identity.provider: identity.evidence for identity in user.identities.all()}
    assert kept == {"viisp:auth.lt.bank": {"proxySource": "JAR"}, "oidc:card": {}}


def test_what_is_kept_does_not_show_the_code() -> None:
    proof = _proof()
    recognise_person(proof)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM accounts_identity i")
        assert proof.code.number not in str(cursor.fetchall())


def test_a_provider_not_trusted_for_it_brings_nobody_new() -> None:
    with pytest.raises(ForbiddenError, match="person-unknown"):
        recognise_person(_proof(trusted=False))
    assert not Identity.objects.exists()


def test_a_foreigner_is_found_by_country_and_code_and_by_neither_alone() -> None:
    user = _foreigner()
    assert recognise_person(_proof(types.eidas("EE/LT/38001085718"))) == user
    for identifier in ("LV/LT/38001085718", "EE/LT/38001085719"):
        with pytest.raises(ForbiddenError, match="foreigner-unknown"):
            recognise_person(_proof(types.eidas(identifier)))


def test_a_foreign_code_that_looks_like_a_personal_code_is_no_personal_code() -> None:
    code = personal_code()
    make_user(personal_code=code)
    with pytest.raises(ForbiddenError, match="foreigner-unknown"):
        recognise_person(_proof(types.eidas(f"EE/LT/{code}")))


@pytest.mark.parametrize(
    "identifier",
    ["", "38001085718", "EE/38001085718", "LT/LT/38001085718", "ee/LT/1", "EE/LT/", "EE/LV/1"],
)
def test_what_is_no_eidas_identifier_for_lithuania_is_refused(identifier: str) -> None:
    with pytest.raises(ForbiddenError, match="code-not-told"):
        types.eidas(identifier)


@pytest.mark.parametrize("number", ["", "12345678901", "3800108571", "38001085718 "])
def test_what_is_no_personal_code_is_refused(number: str) -> None:
    with pytest.raises(ForbiddenError, match="code-not-told"):
        types.personal(number)


def test_blanks_and_small_letters_make_no_other_foreigner() -> None:
    assert types.foreign(" ee", "ab 123 ") == types.foreign("EE", "AB123")


def test_a_new_person_is_journalled_with_the_means() -> None:
    user = recognise_person(_proof())
    entries = JournalEntry.objects.filter(user=user).order_by("pk").values_list("action", "subject")
    assert list(entries) == [
        ("accounts.person-made", "viisp:auth.lt.bank"),
        ("accounts.identity-noted", "viisp:auth.lt.bank"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_person_who_comes_twice_at_once_is_made_once() -> None:
    proof = _proof()

    def come(_: int) -> int:
        try:
            return recognise_person(proof).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as doors:
        assert len(set(doors.map(come, range(8)))) == 1
    assert User.objects.count() == 1
