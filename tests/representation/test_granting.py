from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    ThrottledError,
    UnprocessableError,
)
from representation import services
from representation.attempts import PER_HOUR
from representation.models import Grant, JournalEntry
from representation.services import acting_of
from representation.types import Acting, TaxpayerKind
from tests.make import make_acting, make_grant, make_taxpayer, make_user, personal_code

pytestmark = pytest.mark.django_db
MANAGE = "representation.manage"


def _rights(user: User, acting: Acting) -> set[str]:
    day = clock.today()
    held = Grant.objects.in_force(day).filter(user=user, taxpayer_id=acting.taxpayer_id)
    return set(held.values_list("right", flat=True))


def test_a_granted_right_is_written_down_with_who_gave_it() -> None:
    head, person = make_acting(), make_user()
    services.grant(head, person, ["isaf.view"], None)
    row = Grant.objects.get(user=person)
    assert (row.right, row.granted_by_id, row.until) == ("isaf.view", head.user_id, None)
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.subject) == ("representation.granted", person.login_name)
    assert entry.why["kind"] == "head"


def test_the_same_right_is_not_given_twice() -> None:
    head, person = make_acting(), make_user()
    services.grant(head, person, ["isaf.view"], None)
    with pytest.raises(ConflictError):
        services.grant(head, person, ["isaf.view", "isaf.upload"], None)
    assert _rights(person, head) == {"isaf.view"}


def test_nobody_gives_what_he_does_not_have() -> None:
    with pytest.raises(ForbiddenError):
        services.grant(make_acting(MANAGE, "isaf.view"), make_user(), ["isaf.submit"], None)


def test_nobody_gives_without_the_right_to_manage() -> None:
    with pytest.raises(ForbiddenError):
        services.grant(make_acting("isaf.view"), make_user(), ["isaf.view"], None)


def test_nobody_gives_to_himself() -> None:
    user = make_user()
    with pytest.raises(ForbiddenError):
        services.grant(make_acting(user=user), user, ["isaf.view"], None)


def test_a_representative_gives_nothing_for_longer_than_he_has_it() -> None:
    manager, taxpayer = make_user(), make_taxpayer()
    end = clock.today() + timedelta(days=30)
    make_grant(manager, taxpayer, MANAGE, "isaf.view", until=end)
    acting = acting_of(manager, taxpayer, clock.now())
    assert acting is not None
    for until in (None, end + timedelta(days=1)):
        with pytest.raises(UnprocessableError):
            services.grant(acting, make_user(), ["isaf.view"], until)
    services.grant(acting, make_user(), ["isaf.view"], end)


def test_a_grant_that_has_ended_already_is_refused() -> None:
    with pytest.raises(UnprocessableError):
        services.grant(make_acting(), make_user(), ["isaf.view"], clock.today() - timedelta(days=1))


def test_the_taxpayer_himself_needs_nothing_given() -> None:
    code = personal_code()
    taxpayer = make_taxpayer(code, kind=TaxpayerKind.NATURAL)
    with pytest.raises(ConflictError):
        services.grant(
            make_acting(taxpayer=taxpayer), make_user(personal_code=code), ["isaf.view"], None
        )


def test_revoking_twice_is_written_down_once() -> None:
    head, person = make_acting(), make_user()
    services.grant(head, person, ["isaf.view"], None)
    for _ in range(2):
        services.revoke(head, person, ["isaf.view"])
    assert _rights(person, head) == set()
    assert JournalEntry.objects.filter(action="representation.revoked").count() == 1


def test_saving_gives_keeps_and_revokes_to_match_what_is_ticked() -> None:
    head, person = make_acting(), make_user()
    services.grant(head, person, ["isaf.view", "isaf.upload"], None)
    kept = Grant.objects.get(right="isaf.view")
    services.save_representative(head, person, ["isaf.view", "isaf.submit"], None)
    assert _rights(person, head) == {"isaf.view", "isaf.submit"}
    assert Grant.objects.in_force(clock.today()).get(right="isaf.view") == kept


def test_saving_another_last_day_keeps_the_history() -> None:
    head, person = make_acting(), make_user()
    services.grant(head, person, ["isaf.view"], None)
    end = clock.today() + timedelta(days=5)
    services.save_representative(head, person, ["isaf.view"], end)
    assert Grant.objects.in_force(clock.today()).get().until == end
    assert Grant.objects.count() == 2


def test_saving_nothing_ticked_revokes_everything_here_and_nothing_elsewhere() -> None:
    head, person, other = make_acting(), make_user(), make_taxpayer()
    services.grant(head, person, ["isaf.view", "isaf.submit"], None)
    make_grant(person, other, "isaf.view")
    services.save_representative(head, person, [], None)
    assert list(Grant.objects.in_force(clock.today()).values_list("taxpayer")) == [(other.pk,)]


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


def test_a_person_is_found_by_name_and_code_together() -> None:
    code = personal_code()
    person = make_user("jonas", personal_code=code)
    assert services.find_person(make_acting(), "Jonas", code) == person


def test_a_wrong_name_and_a_wrong_code_are_refused_alike() -> None:
    code = personal_code()
    make_user("jonas", personal_code=code)
    refusals = []
    for name, number in (("jonas", personal_code()), ("petras", code), ("jonas", "")):
        with pytest.raises(NotFoundError) as refused:
            services.find_person(make_acting(), name, number)
        refusals.append((refused.value.code, refused.value.params))
    assert refusals == [("person-not-found", {})] * 3


def test_people_cannot_be_fished_for() -> None:
    acting = make_acting()
    for _ in range(PER_HOUR):
        with pytest.raises(NotFoundError):
            services.find_person(acting, "jonas", personal_code())
    with pytest.raises(ThrottledError):
        services.find_person(acting, "jonas", personal_code())


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
    head, person = make_acting(), make_user()
    barrier, refused = Barrier(2), []

    def give() -> None:
        barrier.wait()
        try:
            services.grant(head, person, ["isaf.view"], None)
        except DomainError as error:
            refused.append(error.code)
        connection.close()

    threads = [Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["right-already-given"]
    assert Grant.objects.count() == 1
