"""Many mandates in one go: all or none, one letter a person, one answer for a bundle."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from pytest_django import Settings

from accounts.models import User
from imas.kernel import clock
from imas.kernel.errors import DomainError, RefusedDocumentError
from mailbox.models import Message
from representation import letters, services
from representation.mandate_lists import as_text, read_list
from representation.matrix import MatrixQuery, every_row, matrix_page
from representation.models import (
    FourEyes,
    JournalEntry,
    Mandate,
    MandateLetter,
    MandateMove,
    Taxpayer,
)
from representation.services import Addressee, NewPerson, Order, Terms, acting_of
from representation.services.letters import token_of
from representation.types import Acting, MandateSource, MandateState, TaxpayerKind
from tests.mailbox.catcher import catching
from tests.make import (
    make_acting,
    make_employment,
    make_grant,
    make_headship,
    make_taxpayer,
    make_user,
    personal_code,
)
from tests.representation.test_limits import only
from tests.representation.test_pages import _signed_in

pytestmark = pytest.mark.django_db
YEAR = clock.today() + timedelta(days=365)
RIGHTS = ("isaf.view", "isaf.upload", "isaf.submit")
TERMS = Terms(["isaf.view", "isaf.upload"], YEAR)


@dataclass(frozen=True)
class Firm:
    """An accounting firm with its head, its employees and its clients."""

    taxpayer: Taxpayer
    head: User
    acting: Acting
    held: Sequence[Mandate]
    employees: Sequence[User]

    def orders(
        self, *employees: User, terms: Terms = TERMS, held: Sequence[Mandate] = ()
    ) -> list[Order]:
        """Every client for each of these, or for all."""
        return [
            Order(one.pk, addressee(person), terms)
            for person in employees or self.employees
            for one in held or self.held
        ]


def addressee(person: User) -> Addressee:
    return Addressee.of(NewPerson(person.full_name, person.personal_code, person.email))


def make_firm(clients: int = 3, employees: int = 2) -> Firm:
    taxpayer, head = make_taxpayer(name="UAB „Apskaita“"), make_user()
    make_headship(head, taxpayer)
    people = [make_user(personal_code=personal_code()) for _ in range(employees)]
    for person in people:
        make_employment(person, taxpayer)
    held = [
        make_grant(taxpayer, make_taxpayer(name=f"UAB „Klientas {n:03}“"), *RIGHTS, passing_on=1)
        for n in range(clients)
    ]
    acting = make_acting(user=head, taxpayer=taxpayer)
    return Firm(taxpayer, head, acting, held, people)


@pytest.fixture
def firm() -> Firm:
    return make_firm()


def _code_of(deed: object) -> str:
    try:
        deed()  # type: ignore[operator]
    except DomainError as refused:
        return refused.code
    return ""


def _passed(firm: Firm) -> list[Mandate]:
    orders = firm.orders()
    return list(services.pass_on_together(firm.acting, orders, MandateSource.BULK))


def test_each_person_gets_one_letter_and_accepts_everything_by_its_link(firm: Firm) -> None:
    mandates = _passed(firm)
    assert len(mandates) == 6
    assert {one.source for one in mandates} == {MandateSource.BULK}
    assert MandateMove.objects.filter(mandate__in=mandates, by=firm.head).count() == 6
    assert JournalEntry.objects.filter(action="representation.offered").count() == 6
    first, second = firm.employees
    letter = MandateLetter.objects.get(reader=first.personal_code_hash)
    assert MandateLetter.objects.count() == 2
    offered = services.offered_by_link(first, token_of(letter))
    assert [one.taxpayer.name for one in offered] == [
        "UAB „Klientas 000“", "UAB „Klientas 001“", "UAB „Klientas 002“"
    ]  # fmt: skip
    assert services.offered_by_link(second, token_of(letter)) == []
    services.answer_by_link(first, token_of(letter), accept=True)
    for held in firm.held:
        acting = acting_of(first, held.taxpayer, clock.now())
        assert acting is not None
        assert acting.rights == {"isaf.view", "isaf.upload"}
        assert acting_of(second, held.taxpayer, clock.now()) is None
    assert (
        _code_of(lambda: services.answer_by_link(first, token_of(letter), accept=True))
        == "link-not-valid"
    )


def test_the_firm_is_told_of_the_answer_once(firm: Firm) -> None:
    _passed(firm)
    first, second = firm.employees
    for person, accept in ((first, True), (second, False)):
        letter = MandateLetter.objects.get(reader=person.personal_code_hash)
        services.answer_by_link(person, token_of(letter), accept=accept)
    told = Message.objects.filter(taxpayer=firm.taxpayer).values_list("code", flat=True)
    assert sorted(told) == ["representation.bundle-accepted", "representation.bundle-declined"]


def test_the_letter_says_how_many_and_names_no_client(firm: Firm, settings: Settings) -> None:
    _passed(firm)
    with catching(settings) as catcher:
        letters.send_due_letters()
    texts = catcher.words()
    assert len(texts) == 2
    assert all("of 3 taxpayers" in text and "Klientas" not in text for text in texts)


def test_what_was_taken_back_before_the_answer_is_not_accepted(firm: Firm) -> None:
    mandates = _passed(firm)
    first = firm.employees[0]
    letter = MandateLetter.objects.get(reader=first.personal_code_hash)
    services.withdraw(firm.acting, letter.mandate_id)
    left = services.offered_by_link(first, token_of(letter))
    assert len(left) == 2
    mine = [one.pk for one in mandates if one.person == first.personal_code_hash]
    services.end_together(firm.acting, [pk for pk in mine if pk != letter.mandate_id])
    assert services.offered_by_link(first, token_of(letter)) == []


REFUSED = [
    (Terms(["mailbox.view"], YEAR), "right-missing"),
    (Terms([], YEAR), "right-missing"),
    (Terms(["isaf.view"], YEAR + timedelta(days=1)), "grant-outlives-yours"),
    (Terms(["isaf.view"], clock.today() - timedelta(days=1)), "grant-ends-in-the-past"),
    (Terms(["isaf.view"], YEAR, passing_on=1), "mandate-not-to-be-passed-on"),
]


@pytest.mark.parametrize(("terms", "code"), REFUSED)
def test_one_order_that_is_refused_stops_all_and_is_told(
    firm: Firm, terms: Terms, code: str
) -> None:
    wrong = firm.orders(firm.employees[0], terms=terms, held=firm.held[:1])
    right = firm.orders(firm.employees[1])
    found = services.plan(firm.acting, [*wrong, *right])
    assert [one.refusal.code if one.refusal else "" for one in found] == [code, "", "", ""]
    deed = lambda: services.pass_on_together(  # noqa: E731
        firm.acting, [*wrong, *right], MandateSource.BULK
    )
    assert _code_of(deed) == "bulk-refused"
    assert not Mandate.objects.filter(via__isnull=False).exists()


def test_another_firm_s_mandate_and_what_was_given_already_are_refused(firm: Firm) -> None:
    other = make_firm(clients=1)
    orders = [
        *other.orders(firm.employees[0]),
        *firm.orders(firm.employees[0], held=firm.held[:1]),
        *firm.orders(firm.employees[0], held=firm.held[:1]),
    ]
    refusals = [
        one.refusal.code if one.refusal else "" for one in services.plan(firm.acting, orders)
    ]
    assert refusals == ["mandate-not-found", "", "right-already-given"]
    services.pass_on_together(firm.acting, orders[1:2], MandateSource.BULK)
    assert (
        _code_of(lambda: services.pass_on_together(firm.acting, orders[2:], MandateSource.BULK))
        == "bulk-refused"
    )


def test_limits_of_what_the_firm_holds_go_with_it(firm: Firm) -> None:
    firm.held[0].narrow(only("P"))
    firm.held[0].save()
    planned = services.plan(firm.acting, firm.orders(firm.employees[0]))
    assert [one.terms.narrowing for one in planned][:2] == [only("P"), TERMS.narrowing]


def test_a_bundle_counts_as_one_offer(firm: Firm, settings: Settings) -> None:
    settings.MANDATE_OPEN_OFFERS = 2
    _passed(firm)
    again = firm.orders(make_user(personal_code=personal_code()), held=firm.held[:1])
    deed = lambda: services.pass_on_together(firm.acting, again, MandateSource.BULK)  # noqa: E731
    assert _code_of(deed) == "too-many-offers"


def test_what_needs_a_second_administrator_is_not_done_in_bulk(firm: Firm) -> None:
    Mandate.objects.update(rights=["isaf.view", "representation.manage"])
    weighty = Terms(["isaf.view", "representation.manage"], YEAR)
    orders = firm.orders(firm.employees[0], terms=weighty, held=firm.held[:1])
    assert [one.refusal for one in services.plan(firm.acting, orders)] == [None]
    FourEyes.objects.create(taxpayer=firm.taxpayer, is_on=True, changed_at=clock.now())
    (planned,) = services.plan(firm.acting, orders)
    assert planned.refusal is not None
    assert planned.refusal.code == "bulk-needs-second"
    light = firm.orders(firm.employees[0], terms=Terms(["isaf.view"], YEAR))
    assert services.pass_on_together(firm.acting, light, MandateSource.BULK)


def test_there_is_a_most_for_one_go(firm: Firm, settings: Settings) -> None:
    settings.MANDATE_BULK_ROWS = 5
    assert _code_of(lambda: services.plan(firm.acting, firm.orders())) == "bulk-too-many"


def test_only_who_administers_representatives_does_this(firm: Firm) -> None:
    clerk = make_acting("isaf.view", taxpayer=firm.taxpayer)
    for deed in (
        lambda: services.plan(clerk, firm.orders()),
        lambda: services.pass_on_together(clerk, firm.orders(), MandateSource.BULK),
        lambda: services.end_together(clerk, []),
        lambda: services.held_to_pass_on(clerk),
        lambda: services.people_of(clerk),
        lambda: matrix_page(clerk, MatrixQuery(), ""),
    ):
        assert _code_of(deed) == "right-missing"


def test_everything_ends_at_once_or_nothing(firm: Firm) -> None:
    mandates = _passed(firm)
    first = firm.employees[0]
    letter = MandateLetter.objects.get(reader=first.personal_code_hash)
    services.answer_by_link(first, token_of(letter), accept=True)
    stranger = make_firm()
    ids = [one.pk for one in mandates]
    foreign = _passed(stranger)[0].pk
    assert _code_of(lambda: services.end_together(firm.acting, [*ids, foreign])) == (
        "mandate-not-found"
    )
    assert acting_of(first, firm.held[0].taxpayer, clock.now()) is not None
    assert services.end_together(firm.acting, ids) == 6
    assert acting_of(first, firm.held[0].taxpayer, clock.now()) is None
    states = Mandate.objects.filter(pk__in=ids).values_list("person", "state")
    assert set(states) == {
        (first.personal_code_hash, MandateState.REVOKED),
        (firm.employees[1].personal_code_hash, MandateState.WITHDRAWN),
    }
    assert _code_of(lambda: services.end_together(firm.acting, ids)) == "mandate-not-found"


def test_the_cost_of_a_plan_does_not_grow_with_its_orders() -> None:
    counts = []
    for clients in (2, 12):
        firm = make_firm(clients)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            services.plan(firm.acting, firm.orders())
        counts.append(len(asked))
    assert counts == [3, 3]


# The matrix


def _in_force(firm: Firm) -> None:
    for held in firm.held:
        for person in firm.employees:
            make_grant(person, held.taxpayer, "isaf.view", "mailbox.view", via=held)


def test_the_matrix_shows_what_is_left_of_each_chain(firm: Firm) -> None:
    _in_force(firm)
    firm.held[0].narrow(only("P"))
    firm.held[0].save()
    Mandate.objects.filter(pk=firm.held[1].pk).update(state=MandateState.REVOKED)
    rows = list(every_row(firm.acting, MatrixQuery()))
    assert len(rows) == 6
    assert [row.rights for row in rows[::2]] == [{"isaf.view"}, frozenset(), {"isaf.view"}]
    assert [row.is_broken for row in rows] == [False, False, True, True, False, False]
    assert rows[0].limits == only("P").limits


@pytest.mark.parametrize("end", ["died", "shut out"])
def test_the_matrix_gives_no_rights_to_whoever_may_not_act(firm: Firm, end: str) -> None:
    _in_force(firm)
    gone = firm.employees[0]
    if end == "died":
        yesterday = clock.today() - timedelta(days=1)
        own = make_taxpayer(gone.personal_code, kind=TaxpayerKind.NATURAL)
        Taxpayer.objects.filter(pk=own.pk).update(ended_on=yesterday)
    else:
        User.objects.filter(pk=gone.pk).update(is_active=False)
    rows = list(every_row(firm.acting, MatrixQuery()))
    assert {row.is_broken for row in rows if row.mandate.user_id == gone.pk} == {True}
    assert {row.is_broken for row in rows if row.mandate.user_id != gone.pk} == {False}


def test_the_matrix_is_filtered_and_paged_in_a_constant_number_of_queries() -> None:
    small, large = make_firm(2), make_firm(40)
    for firm in (small, large):
        _in_force(firm)
        with CaptureQueriesContext(connection) as asked:
            matrix_page(firm.acting, MatrixQuery(), "")
        assert len(asked) == 3
    page = matrix_page(large.acting, MatrixQuery(), "")
    assert (len(page.rows), bool(page.next)) == (50, True)
    rest = matrix_page(large.acting, MatrixQuery(), page.next)
    assert (len(rest.rows), rest.next) == (30, "")
    one = Mandate.objects.filter(person=large.employees[0].personal_code_hash).latest("created_at")
    for query, expected in (
        (MatrixQuery(client="Klientas 00"), 20),
        (MatrixQuery(client=large.held[0].taxpayer.code), 2),
        (MatrixQuery(person=one.pk), 40),
        (MatrixQuery(right="isaf.view"), 80),
        (MatrixQuery(right="mailbox.view"), 0),
    ):
        assert len(list(every_row(large.acting, query))) == expected, query
    assert list(every_row(make_firm().acting, MatrixQuery())) == []


def test_the_matrix_is_taken_away_as_a_table(firm: Firm) -> None:
    _in_force(firm)
    client = _browser(firm)
    answer = client.get(reverse("representation:matrix-export", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    assert sheet.max_row == 7
    answer = client.get(reverse("representation:matrix-export", args=["csv"]) + "?client=000")
    assert answer.getvalue().count(b"\r\n") == 3
    page = client.get(reverse("representation:matrix"))
    assert page.content.decode().count('name="mandate"') == 6


# Pages


def _browser(firm: Firm) -> Client:
    client = _signed_in(firm.head)
    client.post(reverse("representation:act-for"), {"taxpayer": firm.taxpayer.code})
    return client


def _typed(firm: Firm, *people: User, **more: object) -> dict[str, object]:
    lines = [f"{one.full_name}; {one.personal_code}; {one.email}" for one in people]
    return {
        "clients": [str(one.pk) for one in firm.held],
        "people": "\n".join(lines),
        "rights": ["isaf.view"],
        "until": YEAR.isoformat(),
        **more,
    }


def test_the_form_is_looked_at_before_it_is_sent(firm: Firm) -> None:
    client, typed = _browser(firm), _typed(firm, *firm.employees)
    looked = client.post(reverse("representation:bulk-check"), typed)
    assert (looked.context["given"], looked.context["people"]) == (6, 2)
    assert not Mandate.objects.filter(via__isnull=False).exists()
    sent = client.post(reverse("representation:bulk-send"), typed)
    assert sent.headers["Location"] == reverse("representation:matrix")
    assert Mandate.objects.filter(via__isnull=False).count() == 6
    again = client.get(reverse("representation:bulk")).content.decode()
    assert firm.employees[0].email in again


def test_people_known_already_are_ticked_and_every_client_by_one_mark(firm: Firm) -> None:
    client, person = _browser(firm), firm.employees[0]
    client.post(
        reverse("representation:bulk-send"),
        _typed(firm, person, clients=[str(firm.held[0].pk)], rights=["isaf.upload"]),
    )
    known = Mandate.objects.get(via__isnull=False)
    typed = _typed(firm, clients=[], every_client="on", known=[str(known.pk)])
    client.post(reverse("representation:bulk-send"), typed)
    given = Mandate.objects.filter(via__isnull=False, person=person.personal_code_hash)
    assert sorted(given.values_list("rights", flat=True)) == [["isaf.upload"]] + [["isaf.view"]] * 3


def test_what_is_refused_is_left_out_only_when_that_is_said(firm: Firm) -> None:
    client, person = _browser(firm), firm.employees[0]
    make_grant(person, firm.held[0].taxpayer, "isaf.view", via=firm.held[0])
    typed = _typed(firm, person)
    stopped = client.post(reverse("representation:bulk-send"), typed)
    assert stopped.status_code == 200
    assert Mandate.objects.filter(via__isnull=False).count() == 1
    client.post(reverse("representation:bulk-send"), {**typed, "leave_out": "on"})
    assert Mandate.objects.filter(via__isnull=False).count() == 3


@pytest.mark.parametrize(
    "people",
    ["", "Ona", "Ona; 49001010002; ona@example.lt", "Ona Onaitė; {code}; ona", "; {code}; a@b.lt"],
)
def test_lines_that_name_nobody_are_refused(firm: Firm, people: str) -> None:
    typed = _typed(firm, people=people.format(code=personal_code()))
    looked = _browser(firm).post(reverse("representation:bulk-check"), typed)
    assert 'role="alert"' in looked.content.decode()
    assert not Mandate.objects.filter(via__isnull=False).exists()


def test_many_are_ended_after_they_were_shown(firm: Firm) -> None:
    _in_force(firm)
    client = _browser(firm)
    ids = [str(one.pk) for one in Mandate.objects.filter(via__isnull=False)]
    shown = client.get(reverse("representation:bulk-end"), {"mandate": ids})
    assert len(shown.context["mandates"]) == 6
    client.post(reverse("representation:bulk-end"), {"mandate": ids})
    assert not Mandate.objects.filter(via__isnull=False, state=MandateState.ACTIVE).exists()
    assert client.get(reverse("representation:bulk-end"), {"mandate": "x"}).status_code == 404


# Lists


HEADING = ("client", "name", "personal_code", "email", "rights", "until")


def _list(*rows: Sequence[object], heading: Sequence[str] = HEADING) -> bytes:
    return "\n".join(";".join(map(str, row)) for row in (heading, *rows)).encode()


def _row(firm: Firm, person: User, held: Mandate, **more: object) -> list[object]:
    row = {
        "client": held.taxpayer.code,
        "name": person.full_name,
        "personal_code": person.personal_code,
        "email": person.email,
        "rights": "isaf.view isaf.upload",
        "until": YEAR.isoformat(),
        **more,
    }
    return [row[name] for name in HEADING]


def test_a_list_is_looked_at_and_then_passed_on(firm: Firm) -> None:
    client = _browser(firm)
    rows = [_row(firm, person, held) for person in firm.employees for held in firm.held]
    file = SimpleUploadedFile("sarasas.csv", _list(*rows))
    looked = client.post(reverse("representation:mandate-list"), {"document": file})
    assert not Mandate.objects.filter(via__isnull=False).exists()
    text = looked.context["checked"].initial["rows"]
    sent = client.post(reverse("representation:mandate-list-send"), {"rows": text})
    assert sent.headers["Location"] == reverse("representation:matrix")
    passed = Mandate.objects.filter(via__isnull=False)
    assert passed.count() == 6
    assert {one.source for one in passed} == {MandateSource.IMPORT}
    assert MandateLetter.objects.count() == 2


def test_a_workbook_is_read_like_a_table(firm: Firm) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    headings = ["Klientas", "Vardas ir pavardė", "Asmens kodas", "El. paštas", "Teisės", "Iki"]
    sheet.append(headings)
    row = _row(firm, firm.employees[0], firm.held[0])
    sheet.append([int(str(row[0])), *row[1:2], int(str(row[2])), *row[3:]])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    found = read_list(file, 10)
    (read,) = found.rows
    assert found.problems == []
    assert (read.client, read.rights) == (str(row[0]), ("isaf.upload", "isaf.view"))


WRONG = [
    ({"client": ""}, "client", "list-client-missing"),
    ({"name": ""}, "name", "list-name-missing"),
    ({"personal_code": "49001010002"}, "personal_code", "list-personal-code"),
    ({"email": "ona"}, "email", "list-email"),
    ({"rights": "isaf.everything"}, "rights", "list-right"),
    ({"rights": ""}, "rights", "list-right"),
    ({"until": "kada nors"}, "until", "list-until"),
]


@pytest.mark.parametrize(("more", "column", "code"), WRONG)
def test_a_wrong_row_is_told_by_row_column_and_code(
    firm: Firm, more: dict[str, str], column: str, code: str
) -> None:
    right = _row(firm, firm.employees[0], firm.held[1])
    wrong = _row(firm, firm.employees[0], firm.held[0], **more)
    file = SimpleUploadedFile("sarasas.csv", _list(wrong, right))
    client = _browser(firm)
    looked = client.post(reverse("representation:mandate-list"), {"document": file})
    (found,) = looked.context["unread"]
    assert (found["problem"].row, found["problem"].column, found["problem"].code) == (
        2, column, code
    )  # fmt: skip
    assert found["problem"].value != "49001010002"
    (line,) = looked.context["lines"]
    assert line.row == 3
    text = looked.context["checked"].initial["rows"]
    address = reverse("representation:mandate-list-send")
    assert client.post(address, {"rows": text}).status_code == 200
    assert not Mandate.objects.filter(via__isnull=False).exists()
    assert client.post(address, {"rows": text, "leave_out": "on"}).status_code == 302
    assert Mandate.objects.filter(via__isnull=False).count() == 1


def test_rows_that_the_firm_may_not_give_are_refused_by_their_number(firm: Firm) -> None:
    client, person = _browser(firm), firm.employees[0]
    stranger = make_firm(clients=1)
    rows = [
        _row(firm, person, stranger.held[0]),
        _row(firm, person, firm.held[0], rights="mailbox.view"),
        _row(firm, person, firm.held[1]),
    ]
    file = SimpleUploadedFile("sarasas.csv", _list(*rows))
    looked = client.post(reverse("representation:mandate-list"), {"document": file})
    refused = [
        (line.row, line.planned.refusal.code)
        for line in looked.context["lines"]
        if line.planned.refusal
    ]
    assert refused == [(2, "mandate-not-found"), (3, "right-missing")]
    text = looked.context["checked"].initial["rows"]
    address = reverse("representation:mandate-list-send")
    assert client.post(address, {"rows": text}).status_code == 200
    assert client.post(address, {"rows": text, "leave_out": "on"}).status_code == 302
    assert Mandate.objects.filter(via__firm=firm.taxpayer).count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list-columns"),
        (b"client;name\n1;2\n", "list-columns"),
        (_list(), "list-empty"),
        (_list(*[["x"] * 6] * 4), "list-too-long"),
        (b"PK\x03\x04 not a workbook", "lookup-file-unreadable"),
        (b"\xff\xfe\x00", "lookup-file-unreadable"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(RefusedDocumentError) as refused:
        read_list(io.BytesIO(content), 3)
    assert refused.value.code == code


def test_a_list_is_written_as_it_is_read(firm: Firm) -> None:
    rows = [_row(firm, firm.employees[0], held) for held in firm.held]
    read = read_list(io.BytesIO(_list(rows[0], [""] * 6, ["x;"] * 6, rows[1])), 10)
    assert read_list(io.BytesIO(as_text(read).encode()), 10) == read
    assert [row.number for row in read.rows] == [2, 5]
