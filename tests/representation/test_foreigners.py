"""People without a Lithuanian personal code head companies and get mandates like everybody."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import sessions
from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import NotFoundError
from representation import selectors, services
from representation.mandate_forms import NewRepresentativeForm
from representation.models import MandateLetter, Taxpayer
from representation.registers.types import RegisterKind, RunSource
from representation.rights import EVERY_RIGHT
from representation.services import NewPerson, Terms
from representation.services.acting import acting_of
from representation.services.importing import ImportOrder, import_register
from representation.services.letters import token_of
from representation.services.officers import OPERATOR
from representation.types import Acting, WhyKind
from tests.make import (
    make_acting,
    make_foreigner,
    make_headship,
    make_taxpayer,
    make_user,
    prove_second_factor,
)

pytestmark = pytest.mark.django_db
VIEW = Terms(["isaf.view"], clock.today() + timedelta(days=90))
TYPED = {
    "holder": "foreigner",
    "name": "Jan Kowalski",
    "country": "PL",
    "foreign_code": "85041 212346",
    "email": "jan@example.pl",
    "rights": ["isaf.view"],
    "until": VIEW.until.isoformat(),
    "passing_on": "0",
}


@pytest.fixture
def acting() -> Acting:
    head, taxpayer = make_user(), make_taxpayer()
    make_headship(head, taxpayer)
    return make_acting(user=head, taxpayer=taxpayer)


def _of(user: User, acting: Acting) -> Acting | None:
    return acting_of(user, Taxpayer.objects.get(pk=acting.taxpayer_id), clock.now())


@pytest.mark.parametrize("typed", ["85041212346", " 85041 212346 ", "8504121234 6"])
def test_a_foreigner_named_by_country_and_code_accepts_and_acts(acting: Acting, typed: str) -> None:
    jan = make_foreigner("PL", "85041212346")
    named = NewPerson("Jan Kowalski", "", "jan@example.pl", country="PL", foreign_code=typed)
    mandate = services.offer(acting, named, VIEW)
    services.answer_by_link(jan, token_of(mandate.letters.get()), accept=True)
    held = _of(jan, acting)
    assert held is not None
    assert held.rights == {"isaf.view"}
    assert held.why.kind == WhyKind.GRANT
    assert [one.pk for one in selectors.taxpayers_of(jan, clock.today())] == [acting.taxpayer_id]


def test_the_same_code_of_another_country_is_somebody_else(acting: Acting) -> None:
    other = make_foreigner("CZ", "85041212346")
    named = NewPerson("Jan", "", "jan@example.pl", country="PL", foreign_code="85041212346")
    mandate = services.offer(acting, named, VIEW)
    with pytest.raises(NotFoundError):
        services.answer_by_link(other, token_of(mandate.letters.get()), accept=True)
    assert _of(other, acting) is None


def test_a_foreigner_in_the_register_of_heads_has_every_right() -> None:
    taxpayer, jan = make_taxpayer(), make_foreigner("PL", "ABC 123")
    row = f"code,country,identifier,person_name,since\n{taxpayer.code},PL,abc123,Jan,2020-01-01"
    order = ImportOrder(RegisterKind.HEADS, RunSource.COMMAND, applies=True)
    import_register(OPERATOR, order, io.BytesIO(row.encode()))
    held = acting_of(jan, taxpayer, clock.now())
    assert held is not None
    assert (held.why.kind, held.rights) == (WhyKind.HEAD, EVERY_RIGHT)


def test_the_form_names_a_foreigner() -> None:
    form = NewRepresentativeForm(EVERY_RIGHT, TYPED)
    assert form.is_valid(), form.errors
    person = form.representative()
    assert isinstance(person, NewPerson)
    assert person.fingerprint == make_foreigner("PL", "85041212346").personal_code_hash


@pytest.mark.parametrize(
    ("name", "value"), [("country", ""), ("country", "LT"), ("foreign_code", "")]
)
def test_a_foreigner_is_named_by_another_country_and_a_code(name: str, value: str) -> None:
    form = NewRepresentativeForm(EVERY_RIGHT, {**TYPED, name: value})
    assert name in form.errors


def test_the_page_offers_a_mandate_to_a_foreigner(acting: Acting) -> None:
    client = Client()
    client.force_login(
        User.objects.get(pk=acting.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    session = client.session
    sessions.begin(session)
    session.save()
    prove_second_factor(client)
    answer = client.post(reverse("representation:representative-new"), TYPED)
    assert answer.status_code == 302
    jan = make_foreigner("PL", "85041212346")
    assert services.offered_by_link(jan, token_of(MandateLetter.objects.get()))
