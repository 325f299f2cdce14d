import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.encryption import lookup_hash
from imas.kernel.errors import ConflictError, RefusedDocumentError, UnprocessableError
from representation.models import (
    CashAccounting,
    Headship,
    ImportRow,
    ImportRun,
    JournalEntry,
    RegisterChange,
    Taxpayer,
    VatRegistration,
)
from representation.registers.types import RegisterKind, RunSource, RunState
from representation.services.importing import (
    ImportOrder,
    apply_import,
    drop_import,
    import_register,
)
from representation.services.officers import OPERATOR, Officer
from tests.make import legal_code, make_taxpayer, make_user, personal_code

pytestmark = pytest.mark.django_db
VAT, OTHER_VAT = "LT100001919017", "LT100001234510"


def take(kind: str, text: str | bytes, *, applies: bool = True, **more: Any) -> ImportRun:
    """Import a file as an operator does."""
    content = text if isinstance(text, bytes) else text.encode()
    order = ImportOrder(RegisterKind(kind), RunSource.COMMAND, "file", applies, **more)
    return import_register(OPERATOR, order, io.BytesIO(content))


def counts(run: ImportRun) -> tuple[int, ...]:
    """Added, changed, ended, removed, unchanged, refused."""
    return (run.added, run.changed, run.ended, run.removed, run.unchanged, run.refused)


def codes(run: ImportRun) -> list[tuple[int, str, str]]:
    """Where and what is wrong."""
    return [(one["row"], one["column"], one["code"]) for one in run.problems]


def vat(*rows: str) -> str:
    return "\n".join(["code,vat_code,since,until,removed", *rows])


def days(taxpayer: Taxpayer) -> list[tuple[str, str, str]]:
    rows = VatRegistration.objects.filter(taxpayer=taxpayer).order_by("valid_from")
    return [(r.vat_code, str(r.valid_from), str(r.valid_to or "")) for r in rows]


@pytest.fixture
def taxpayer() -> Taxpayer:
    return make_taxpayer()


def test_taxpayers_are_added_changed_and_left_alone() -> None:
    kept, renamed, new = legal_code(), legal_code(), legal_code()
    head = "code;kind;name;city\n"
    first = take("taxpayers", f"{head}{kept};legal;UAB „A“;Vilnius\n{renamed};legal;UAB „B“;\n")
    assert (first.state, counts(first)) == (RunState.APPLIED, (2, 0, 0, 0, 0, 0))
    again = take(
        "taxpayers",
        f"{head}{kept};legal;UAB „A“;Vilnius\n{renamed};legal;UAB „C“;\n{new};legal;MB D;\n",
    )
    assert counts(again) == (1, 1, 0, 0, 1, 0)
    assert Taxpayer.objects.get(code=renamed).name == "UAB „C“"
    change = RegisterChange.objects.get(taxpayer__code=renamed, deed="changed")
    assert [(said or {})["name"] for said in (change.before, change.after)] == [
        "UAB „B“",
        "UAB „C“",
    ]
    assert change.run == again


def test_a_new_fact_ends_the_old_one_the_day_before(taxpayer: Taxpayer) -> None:
    take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"))
    run = take("vat", vat(f"{taxpayer.code},{OTHER_VAT},2024-03-01,,"))
    assert counts(run) == (1, 0, 1, 0, 0, 0)
    assert days(taxpayer) == [(VAT, "2020-01-01", "2024-02-29"), (OTHER_VAT, "2024-03-01", "")]
    assert taxpayer.vat_code_on(date(2024, 2, 29)) == VAT
    assert taxpayer.vat_code_on(date(2024, 3, 1)) == OTHER_VAT


def test_the_same_file_twice_changes_nothing(taxpayer: Taxpayer) -> None:
    file = vat(f"{taxpayer.code},{VAT},2020-01-01,,", f"{taxpayer.code},{OTHER_VAT},2024-03-01,,")
    take("vat", file)
    stood = days(taxpayer)
    assert counts(take("vat", file)) == (0, 0, 0, 0, 2, 0)
    assert days(taxpayer) == stood
    assert RegisterChange.objects.count() == 2


def test_an_old_file_sent_late_does_not_open_what_has_been_ended(taxpayer: Taxpayer) -> None:
    old = vat(f"{taxpayer.code},{VAT},2020-01-01,,")
    take("vat", old)
    take("vat", vat(f"{taxpayer.code},{OTHER_VAT},2024-03-01,,"))
    assert counts(take("vat", old)) == (0, 0, 0, 0, 1, 0)


def test_a_correction_keeps_what_stood_before(taxpayer: Taxpayer) -> None:
    take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"))
    pk = VatRegistration.objects.get().pk
    run = take("vat", vat(f"{taxpayer.code},{OTHER_VAT},2020-01-01,,"))
    assert counts(run) == (0, 1, 0, 0, 0, 0)
    assert VatRegistration.objects.get().pk == pk
    change = RegisterChange.objects.get(run=run)
    assert change.before == {"value": VAT, "since": "2020-01-01"}
    assert change.after == {"value": OTHER_VAT, "since": "2020-01-01"}


def test_a_fact_said_by_mistake_is_removed_and_remembered(taxpayer: Taxpayer) -> None:
    take("cash", f"code,since\n{taxpayer.code},2020-01-01")
    run = take("cash", f"code,since,removed\n{taxpayer.code},2020-01-01,true")
    assert counts(run) == (0, 0, 0, 1, 0, 0)
    assert not CashAccounting.objects.exists()
    assert RegisterChange.objects.get(run=run).before == {"since": "2020-01-01"}
    again = take("cash", f"code,since,removed\n{taxpayer.code},2020-01-01,true")
    assert codes(again) == [(1, "since", "registers.nothing-to-remove")]


def test_an_end_given_by_the_register_is_an_end(taxpayer: Taxpayer) -> None:
    take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"))
    run = take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,2024-12-31,"))
    assert counts(run) == (0, 0, 1, 0, 0, 0)
    assert taxpayer.vat_code_on(date(2025, 1, 1)) == ""


def test_one_refused_row_keeps_the_whole_file_out(taxpayer: Taxpayer) -> None:
    file = vat(f"{taxpayer.code},{VAT},2020-01-01,,", "999999999,LT100001234510,2020-01-01,,")
    run = take("vat", file)
    assert run.state == RunState.REFUSED
    assert codes(run) == [(2, "code", "registers.taxpayer-unknown")]
    assert not VatRegistration.objects.exists()
    assert not ImportRow.objects.exists()


def test_the_other_rows_count_when_refused_ones_may_be_skipped(taxpayer: Taxpayer) -> None:
    file = vat(f"{taxpayer.code},{VAT},2020-01-01,,", "999999999,LT100001234510,2020-01-01,,")
    run = take("vat", file, skips_refused=True)
    assert (run.state, counts(run)) == (RunState.APPLIED, (1, 0, 0, 0, 0, 1))


def test_every_wrong_value_of_a_row_is_told(taxpayer: Taxpayer) -> None:
    run = take(
        "vat",
        vat(
            f"{taxpayer.code},LT1,2024-13-01,,",
            f",{VAT},2024-01-01,2023-01-01,maybe",
            f"{taxpayer.code},{VAT},9999-12-31,,",
        ),
    )
    assert codes(run) == [
        (1, "vat_code", "registers.vat-code-invalid"),
        (1, "since", "registers.date-invalid"),
        (2, "code", "registers.required"),
        (2, "removed", "registers.not-in-list"),
        (2, "until", "registers.ends-before-start"),
        (3, "since", "registers.date-invalid"),
    ]


def test_days_that_overlap_in_one_file_are_refused(taxpayer: Taxpayer) -> None:
    run = take(
        "vat",
        vat(
            f"{taxpayer.code},{VAT},2020-01-01,2024-12-31,",
            f"{taxpayer.code},{OTHER_VAT},2024-01-01,,",
        ),
    )
    assert codes(run) == [(1, "until", "registers.overlaps")]


def test_a_fact_is_not_laid_over_a_later_one(taxpayer: Taxpayer) -> None:
    take("vat", vat(f"{taxpayer.code},{VAT},2024-01-01,,"))
    late = take("vat", vat(f"{taxpayer.code},{OTHER_VAT},2020-01-01,2024-06-30,"))
    assert codes(late) == [(1, "until", "registers.overlaps")]
    open_ended = take("vat", vat(f"{taxpayer.code},{OTHER_VAT},2020-01-01,,"))
    assert open_ended.state == RunState.APPLIED
    assert days(taxpayer) == [(OTHER_VAT, "2020-01-01", "2023-12-31"), (VAT, "2024-01-01", "")]


def test_a_vat_code_of_another_taxpayer_is_refused(taxpayer: Taxpayer) -> None:
    make_taxpayer(vat_code=VAT)
    run = take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"))
    assert codes(run) == [(1, "vat_code", "registers.vat-code-taken")]


def test_two_taxpayers_of_one_file_do_not_get_one_vat_code(taxpayer: Taxpayer) -> None:
    other = make_taxpayer()
    run = take(
        "vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,", f"{other.code},{VAT},2021-01-01,,")
    )
    assert [code for _, _, code in codes(run)] == ["registers.vat-code-taken"] * 2


def test_two_taxpayers_exchange_their_vat_codes_in_one_file(taxpayer: Taxpayer) -> None:
    other = make_taxpayer()
    take(
        "vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,", f"{other.code},{OTHER_VAT},2020-01-01,,")
    )
    run = take(
        "vat", vat(f"{taxpayer.code},{OTHER_VAT},2024-01-01,,", f"{other.code},{VAT},2024-01-01,,")
    )
    assert counts(run) == (2, 0, 2, 0, 0, 0)


def test_a_taxpayer_said_twice_is_refused_both_times() -> None:
    code = legal_code()
    run = take("taxpayers", f"code,kind,name\n{code},legal,A\n{code},legal,B\n")
    assert [code for _, _, code in codes(run)] == ["registers.repeated"] * 2


def test_heads_are_kept_by_fingerprint_only(taxpayer: Taxpayer) -> None:
    code = personal_code()
    take("heads", f"code,personal_code,person_name,since\n{taxpayer.code},{code},Ona,2020-01-01")
    head = Headship.objects.get()
    assert (head.person, head.person_name) == (lookup_hash(code), "Ona")
    said = json.dumps(
        [list(RegisterChange.objects.values()), list(ImportRun.objects.values())], default=str
    )
    assert code not in said


def test_a_foreign_head_is_known_by_country_and_identifier(taxpayer: Taxpayer) -> None:
    head = "code,country,identifier,person_name,since\n"
    take("heads", f"{head}{taxpayer.code},PL,ABC123,Jan,2020-01-01")
    assert Headship.objects.get().person == lookup_hash("PL:ABC123")


def test_a_new_head_does_not_end_another_head(taxpayer: Taxpayer) -> None:
    head = "code,personal_code,person_name,since,until\n"
    first, second = personal_code(), personal_code()
    take("heads", f"{head}{taxpayer.code},{first},Ona,2020-01-01,")
    take("heads", f"{head}{taxpayer.code},{second},Jonas,2024-01-01,")
    assert Headship.objects.on(date(2024, 6, 1)).count() == 2
    take("heads", f"{head}{taxpayer.code},{first},,2020-01-01,2023-12-31")
    assert [one.person_name for one in Headship.objects.on(date(2024, 6, 1))] == ["Jonas"]
    assert Headship.objects.get(person=lookup_hash(first)).person_name == "Ona"


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("periods", "{code},month,2020-01-01"),
        ("farmers", "{code},2020-01-01"),
        ("accountants", "{code},{person},Ona,sole,2020-01-01"),
        ("employments", "{code},{person},Ona,2020-01-01"),
    ],
)
def test_every_kind_of_fact_is_taken_in(kind: str, row: str) -> None:
    heads = {
        "periods": "code,kind,since",
        "farmers": "code,since",
        "accountants": "code,personal_code,person_name,kind,since",
        "employments": "code,personal_code,person_name,since",
    }
    taxpayer = make_taxpayer(period_kind=None)
    line = row.format(code=taxpayer.code, person=personal_code())
    run = take(kind, f"{heads[kind]}\n{line}")
    assert (run.state, counts(run), codes(run)) == (RunState.APPLIED, (1, 0, 0, 0, 0, 0), [])
    assert counts(take(kind, f"{heads[kind]}\n{line}")) == (0, 0, 0, 0, 1, 0)


def test_a_death_ends_a_taxpayer_and_a_mistaken_one_is_corrected(taxpayer: Taxpayer) -> None:
    run = take("endings", f"code,ended_on\n{taxpayer.code},2026-05-01")
    assert counts(run) == (0, 0, 1, 0, 0, 0)
    taxpayer.refresh_from_db()
    assert taxpayer.exists_on(date(2026, 5, 1))
    assert not taxpayer.exists_on(date(2026, 5, 2))
    take("endings", f"code,ended_on\n{taxpayer.code},")
    taxpayer.refresh_from_db()
    assert taxpayer.ended_on is None


@pytest.mark.parametrize("form", ["array", "lines"])
def test_json_is_read_as_csv_is(taxpayer: Taxpayer, form: str) -> None:
    rows = [
        {"code": taxpayer.code, "vat_code": VAT, "since": "2020-01-01", "until": "2023-12-31"},
        {"code": taxpayer.code, "vat_code": OTHER_VAT, "since": "2024-01-01", "until": None},
    ]
    text = json.dumps(rows) if form == "array" else "\n".join(map(json.dumps, rows))
    assert counts(take("vat", text)) == (2, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "register-columns"),
        (b"code,vat_code,since\n", "register-empty"),
        (b"code;name\n1;2", "register-columns"),
        (b"code,vat_code,since,colour\n1,2,3,4", "register-columns"),
        (b"code,vat_code,since\n1,2,3,4\n", "register-unreadable"),
        (b'code,vat_code,since\n"1,2,3\n', "register-unreadable"),
        (b"code,vat_code,since\n\xff\xfe,2,3\n", "register-not-utf-8"),
        (b"[{", "register-unreadable"),
        (b"[1]", "register-unreadable"),
        (b'[{"code": ["1"], "vat_code": "", "since": ""}]', "register-unreadable"),
        (b"[" + b'{"a":' * 100_000, "register-unreadable"),
        (b"code,vat_code,since\n" + b"1" * 200_000, "register-unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(RefusedDocumentError) as refused:
        take("vat", content)
    assert refused.value.code == code
    assert not ImportRun.objects.exists()


def test_a_nul_or_a_tab_reaches_no_statement() -> None:
    run = take("taxpayers", f'code,kind,name\n{legal_code()},legal,"A\tB"\n')
    assert codes(run) == [(1, "name", "registers.bad-characters")]


def test_a_name_with_a_backslash_stays_as_it_is() -> None:
    code = legal_code()
    take("taxpayers", f"code,kind,name\n{code},legal,A\\N\\t\n")
    assert Taxpayer.objects.get(code=code).name == "A\\N\\t"


def test_a_preview_changes_nothing_until_it_is_applied(taxpayer: Taxpayer) -> None:
    run = take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"), applies=False)
    assert (run.state, counts(run)) == (RunState.PREVIEWED, (1, 0, 0, 0, 0, 0))
    assert not VatRegistration.objects.exists()
    officer = Officer(make_user(is_staff=True))
    applied = apply_import(officer, run.pk)
    assert (applied.state, applied.decided_by) == (RunState.APPLIED, officer.user)
    assert taxpayer.vat_code_on(date(2026, 1, 1)) == VAT
    assert JournalEntry.objects.filter(action="registers.applied").get().user == officer.user
    with pytest.raises(ConflictError):
        apply_import(officer, run.pk)


def test_a_preview_of_another_day_is_drawn_up_anew(taxpayer: Taxpayer) -> None:
    run = take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"), applies=False)
    take("vat", vat(f"{taxpayer.code},{OTHER_VAT},2018-01-01,,"))
    with pytest.raises(ConflictError) as refused:
        apply_import(OPERATOR, run.pk)
    assert refused.value.code == "import-outdated"
    run.refresh_from_db()
    assert (run.state, counts(run)) == (RunState.PREVIEWED, (1, 0, 1, 0, 0, 0))
    assert apply_import(OPERATOR, run.pk).state == RunState.APPLIED


def test_refused_rows_of_a_preview_are_skipped_only_when_told_so(taxpayer: Taxpayer) -> None:
    file = vat(f"{taxpayer.code},{VAT},2020-01-01,,", "999999999,x,2020-01-01,,", "1,,,,")
    run = take("vat", file, applies=False)
    with pytest.raises(ConflictError) as refused:
        apply_import(OPERATOR, run.pk)
    assert refused.value.code == "import-has-refused-rows"
    applied = apply_import(OPERATOR, run.pk, skips_refused=True)
    assert counts(applied) == (1, 0, 0, 0, 0, 2)
    assert {row for row, _, _ in codes(applied)} == {2, 3}


def test_a_dropped_file_leaves_its_digest_and_no_rows(taxpayer: Taxpayer) -> None:
    run = take("vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"), applies=False)
    assert drop_import(OPERATOR, run.pk).state == RunState.DROPPED
    assert not ImportRow.objects.exists()
    assert not VatRegistration.objects.exists()


def test_a_look_leaves_no_trace(taxpayer: Taxpayer) -> None:
    run = take(
        "vat", vat(f"{taxpayer.code},{VAT},2020-01-01,,"), applies=False, leaves_no_trace=True
    )
    assert counts(run) == (1, 0, 0, 0, 0, 0)
    assert not ImportRun.objects.exists()
    assert not JournalEntry.objects.exists()


def test_the_same_key_gives_the_first_run_again_and_with_another_file_a_refusal(
    taxpayer: Taxpayer,
) -> None:
    officer = Officer(make_user(is_staff=True))
    order = ImportOrder(RegisterKind.VAT, RunSource.SERVICE, applies=True, idempotency_key="monday")
    file = vat(f"{taxpayer.code},{VAT},2020-01-01,,").encode()
    first = import_register(officer, order, io.BytesIO(file))
    assert import_register(officer, order, io.BytesIO(file)) == first
    assert ImportRun.objects.count() == 1
    with pytest.raises(UnprocessableError):
        import_register(officer, order, io.BytesIO(file + b"\n"))


def test_what_a_register_changed_is_never_changed_or_deleted(taxpayer: Taxpayer) -> None:
    take("cash", f"code,since\n{taxpayer.code},2020-01-01")
    for attempt in (
        lambda: RegisterChange.objects.update(deed="removed"),
        lambda: RegisterChange.objects.all().delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            attempt()


def test_counts_and_problems_are_whole_in_a_large_file() -> None:
    def lines() -> Iterator[str]:
        yield "code,kind,name"
        for _ in range(12_000):
            yield f"{legal_code()},legal,UAB"
        for number in range(1_500):
            yield f"{number},legal,UAB"

    run = take("taxpayers", "\n".join(lines()), skips_refused=True)
    assert counts(run) == (12_000, 0, 0, 0, 0, 1_500)
    assert len(run.problems) == 1_000
