from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from pytest_django.fixtures import Settings

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    UnprocessableError,
)
from representation import services
from representation.models import JournalEntry, Mandate, MandateMove
from representation.services import NewPerson, Terms, acting_of
from representation.services.letters import token_of
from representation.services.moving import move
from representation.types import Acting, MandateState, TaxpayerKind
from tests.make import make_acting, make_grant, make_taxpayer, make_user, personal_code

pytestmark = pytest.mark.django_db
MANAGE = "representation.manage"
YEAR = clock.today() + timedelta(days=365)


def _rights(user: User, acting: Acting) -> set[str]:
    held = Mandate.objects.in_force(clock.today()).of_person(user)
    return {right for row in held.filter(taxpayer_id=acting.taxpayer_id) for right in row.rights}


def _person() -> User:
    return make_user(personal_code=personal_code())


def _give(acting: Acting, person: User, rights: list[str], until: date) -> Mandate:
    """Offer rights to a person, who accepts them by the link."""
    whom = NewPerson(person.full_name, person.personal_code, person.email)
    mandate = services.offer(acting, whom, Terms(rights, until))
    (accepted,) = services.answer_by_link(person, token_of(mandate.letters.get()), accept=True)
    return accepted


def test_a_granted_right_is_written_down_with_who_gave_it() -> None:
    head, person = make_acting(), _person()
    _give(head, person, ["isaf.view"], YEAR)
    moves = MandateMove.objects.filter(mandate__user=person)
    told = [(one.state, one.by_id, one.rights, one.until) for one in moves]
    assert told == [
        ("offered", head.user_id, ["isaf.view"], YEAR),
        ("active", person.pk, ["isaf.view"], YEAR),
    ]
    entries = JournalEntry.objects.filter(taxpayer_id=head.taxpayer_id).order_by("pk")
    actions = [(entry.action, entry.user_id, entry.why["kind"]) for entry in entries]
    assert actions == [
        ("representation.offered", head.user_id, "head"),
        ("representation.accepted", person.pk, "grant"),
    ]


def test_the_same_right_is_not_given_twice() -> None:
    head, person = make_acting(), _person()
    _give(head, person, ["isaf.view"], YEAR)
    with pytest.raises(ConflictError):
        _give(head, person, ["isaf.view", "isaf.upload"], YEAR)
    assert _rights(person, head) == {"isaf.view"}


def test_nobody_gives_what_he_does_not_have() -> None:
    with pytest.raises(ForbiddenError):
        _give(make_acting(MANAGE, "isaf.view"), _person(), ["isaf.submit"], YEAR)


def test_nobody_gives_without_the_right_to_manage() -> None:
    with pytest.raises(ForbiddenError):
        _give(make_acting("isaf.view"), make_user(), ["isaf.view"], YEAR)


def test_nobody_gives_to_himself() -> None:
    user = _person()
    with pytest.raises(ForbiddenError):
        _give(make_acting(user=user), user, ["isaf.view"], YEAR)


def test_a_representative_gives_nothing_for_longer_than_he_has_it() -> None:
    manager, taxpayer = make_user(), make_taxpayer()
    end = clock.today() + timedelta(days=30)
    make_grant(manager, taxpayer, MANAGE, "isaf.view", until=end)
    acting = acting_of(manager, taxpayer, clock.now())
    assert acting is not None
    with pytest.raises(UnprocessableError) as refused:
        _give(acting, _person(), ["isaf.view"], end + timedelta(days=1))
    assert refused.value.code == "grant-outlives-yours"
    _give(acting, _person(), ["isaf.view"], end)


def test_no_mandate_is_longer_than_the_house_allows(settings: Settings) -> None:
    settings.MANDATE_MAX_DAYS = 100
    with pytest.raises(UnprocessableError) as refused:
        _give(make_acting(), _person(), ["isaf.view"], YEAR)
    assert refused.value.code == "grant-too-long"


def test_a_grant_that_has_ended_already_is_refused() -> None:
    with pytest.raises(UnprocessableError):
        _give(make_acting(), _person(), ["isaf.view"], clock.today() - timedelta(days=1))


def test_the_taxpayer_himself_needs_nothing_given() -> None:
    code = personal_code()
    taxpayer = make_taxpayer(code, kind=TaxpayerKind.NATURAL)
    with pytest.raises(ForbiddenError):
        _give(make_acting(taxpayer=taxpayer), make_user(personal_code=code), ["isaf.view"], YEAR)


def test_revoking_twice_is_refused_and_written_down_once() -> None:
    head, person = make_acting(), _person()
    mandate = _give(head, person, ["isaf.view"], YEAR)
    services.revoke(head, mandate.pk)
    with pytest.raises(NotFoundError):
        services.revoke(head, mandate.pk)
    assert _rights(person, head) == set()
    assert JournalEntry.objects.filter(action="representation.revoked").count() == 1


def test_a_change_replaces_the_rights_and_every_state_is_kept() -> None:
    head, person = make_acting(), _person()
    mandate = _give(head, person, ["isaf.view", "isaf.upload"], YEAR)
    services.change_mandate(head, mandate.pk, ["isaf.view", "isaf.submit"], YEAR)
    services.change_mandate(head, mandate.pk, ["isaf.view", "isaf.submit"], YEAR)
    assert _rights(person, head) == {"isaf.view", "isaf.submit"}
    kept = MandateMove.objects.filter(mandate=mandate).values_list("rights", flat=True)
    assert list(kept)[1:] == [["isaf.upload", "isaf.view"], ["isaf.submit", "isaf.view"]]


def test_rights_that_the_changer_has_not_stay_as_they_were() -> None:
    manager, taxpayer = make_user(), make_taxpayer()
    make_grant(manager, taxpayer, MANAGE, "isaf.view")
    mandate = make_grant(_person(), taxpayer, "isaf.submit", "isaf.view")
    acting = acting_of(manager, taxpayer, clock.now())
    assert acting is not None
    services.change_mandate(acting, mandate.pk, [], mandate.until)
    mandate.refresh_from_db()
    assert (mandate.rights, mandate.state) == (["isaf.submit"], MandateState.ACTIVE)


def test_nobody_changes_his_own_mandate() -> None:
    manager, taxpayer = make_user(), make_taxpayer()
    mandate = make_grant(manager, taxpayer, MANAGE, "isaf.view")
    acting = acting_of(manager, taxpayer, clock.now())
    assert acting is not None
    with pytest.raises(ForbiddenError):
        services.change_mandate(acting, mandate.pk, [MANAGE], mandate.until)


def test_a_change_without_any_right_revokes_here_and_nowhere_else() -> None:
    head, person, other = make_acting(), _person(), make_taxpayer()
    mandate = _give(head, person, ["isaf.view", "isaf.submit"], YEAR)
    elsewhere = make_grant(person, other, "isaf.view")
    services.change_mandate(head, mandate.pk, [], YEAR)
    assert list(Mandate.objects.in_force(clock.today())) == [elsewhere]


def test_a_stranger_s_mandate_is_not_found() -> None:
    mandate = make_grant(_person(), make_taxpayer(), "isaf.view")
    with pytest.raises(NotFoundError):
        services.change_mandate(make_acting(), mandate.pk, [], YEAR)


def test_a_move_the_table_does_not_know_is_refused() -> None:
    mandate = make_grant(_person(), make_taxpayer(), "isaf.view", state=MandateState.REVOKED)
    with pytest.raises(ConflictError):
        move(mandate, MandateState.ACTIVE, None)


def test_a_move_overtaken_by_another_is_refused() -> None:
    mandate = make_grant(_person(), make_taxpayer(), "isaf.view")
    Mandate.objects.update(state=MandateState.REVOKED)
    with pytest.raises(ConflictError):
        move(mandate, MandateState.EXPIRED, None)
    assert not MandateMove.objects.exists()


def test_a_move_once_written_is_neither_changed_nor_deleted() -> None:
    _give(make_acting(), _person(), ["isaf.view"], YEAR)
    for attempt in (
        lambda: MandateMove.objects.update(state="active"),
        lambda: MandateMove.objects.all().delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            attempt()


def test_a_representative_gives_up_his_own_rights() -> None:
    person, taxpayer = make_user(), make_taxpayer()
    make_grant(person, taxpayer, "isaf.view")
    acting = acting_of(person, taxpayer, clock.now())
    assert acting is not None
    services.give_up(acting)
    assert acting_of(person, taxpayer, clock.now()) is None


def test_a_head_has_nothing_to_give_up() -> None:
    with pytest.raises(ForbiddenError):
        services.give_up(make_acting())


def test_choosing_a_stranger_and_choosing_nobody_are_refused_alike() -> None:
    user = make_user()
    codes = []
    for code in (make_taxpayer().code, "no such code"):
        with pytest.raises(NotFoundError) as refused:
            services.choose_taxpayer(user, code)
        codes.append(refused.value.code)
    assert codes == ["taxpayer-not-yours"] * 2


@pytest.mark.django_db(transaction=True)
def test_two_grants_of_one_right_at_once_give_it_once() -> None:
    head, person = make_acting(), _person()
    barrier, refused = Barrier(2), []
    whom = NewPerson(person.full_name, person.personal_code, person.email)

    def give() -> None:
        barrier.wait()
        try:
            services.offer(head, whom, Terms(["isaf.view"], YEAR))
        except DomainError as error:
            refused.append(error.code)
        connection.close()

    threads = [Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["right-already-given"]
    assert Mandate.objects.count() == 1
