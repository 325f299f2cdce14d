import uuid
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, InternalError, transaction

from imas.kernel import clock
from imas.kernel.periods import PeriodKind
from imas.web import trace
from representation.models import JournalEntry, Taxpayer, TaxPeriodKind, VatRegistration
from representation.services import journal
from tests.make import (
    make_acting,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_a_vat_code_holds_on_its_first_and_last_day_only() -> None:
    taxpayer = make_taxpayer()
    VatRegistration.objects.create(
        taxpayer=taxpayer,
        vat_code="LT100001919017",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 30),
    )
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [taxpayer.vat_code_on(day) for day in days] == [
        "",
        "LT100001919017",
        "LT100001919017",
        "",
    ]


def test_a_vat_code_has_one_owner_at_a_time() -> None:
    make_taxpayer(vat_code="LT100001919017")
    with pytest.raises(IntegrityError):
        make_taxpayer(vat_code="LT100001919017")


def test_a_taxpayer_has_one_period_kind_at_a_time() -> None:
    taxpayer = make_taxpayer(period_kind=PeriodKind.MONTH)
    with pytest.raises(IntegrityError):
        TaxPeriodKind.objects.create(
            taxpayer=taxpayer, kind=PeriodKind.HALF_YEAR, valid_from=date(2026, 1, 1)
        )


def test_taxpayers_carry_the_vat_code_of_the_day() -> None:
    make_taxpayer("302000017", vat_code="LT100001919017")
    found = Taxpayer.objects.with_vat_on(date(2026, 11, 1)).get(code="302000017")
    assert vars(found)["vat_code"] == "LT100001919017"


def test_nobody_represents_himself() -> None:
    taxpayer = make_taxpayer()
    with pytest.raises(IntegrityError):
        make_grant(taxpayer, taxpayer, "isaf.view")


def test_nobody_heads_a_company_twice_at_a_time() -> None:
    user, taxpayer = make_user(), make_taxpayer()
    make_headship(user, taxpayer)
    with pytest.raises(IntegrityError):
        make_headship(user, taxpayer, since=date(2026, 1, 1))


def test_a_journal_entry_holds_what_django_would_write() -> None:
    acting, thing = replace(make_acting(), key_id=uuid.uuid4()), uuid.uuid4()
    told = {"name": "„Ąžuolas“ 100 % 'x' \\ \"y\" %(at)s", "empty": ""}
    request = trace.begin()
    try:
        before = clock.now()
        journal(acting, "isaf.register-submitted", thing, **told)
    finally:
        trace.end()
    mine = JournalEntry.objects.get()
    theirs = JournalEntry.objects.create(
        at=mine.at,
        user_id=acting.user_id,
        taxpayer_id=acting.taxpayer_id,
        action="isaf.register-submitted",
        subject=str(thing),
        params=told,
        why=acting.why.as_params(),
        key_id=acting.key_id,
        request_id=request,
    )
    same = JournalEntry.objects.filter(pk__in=(mine.pk, theirs.pk)).values_list()
    assert len({repr(row[1:]) for row in same}) == 1
    assert before <= mine.at <= clock.now()


def test_a_journal_entry_is_neither_changed_nor_deleted() -> None:
    journal(make_acting(), "isaf.register-submitted", "S-1")
    for attempt in (
        lambda: JournalEntry.objects.update(action="nothing"),
        lambda: JournalEntry.objects.all().delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            attempt()
    assert JournalEntry.objects.get().action == "isaf.register-submitted"
