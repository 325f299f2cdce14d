"""What a mandate that is limited to a register or to a part of it lets one do in i.SAF."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from imas.kernel.errors import DomainError
from intake import services as intake_services
from intake.models import Document
from intake.types import DocumentState
from isaf import home, selectors, services
from isaf.limits import as_json, reach_of, reach_within
from isaf.models import CrossCheck, Register
from isaf.selectors import InvoiceQuery, pairs, reports
from isaf.selectors.pairs import PairQuery
from isaf.services.crosscheck import order_cross_check, refresh_pairs, run_cross_check
from isaf.types import RegisterType
from mailbox.services import read_events
from representation.models import Taxpayer
from representation.types import WHOLE, Acting, Limits, Narrowing
from tests.isaf.files import OCTOBER, IsafFile, Paid, Sold, judged
from tests.isaf.registers_told import Line, Told, tell, vat_of
from tests.isaf.test_views import client_of
from tests.make import make_acting, make_api_key, make_grant, make_taxpayer, make_user
from tests.representation.test_limits import only

pytestmark = pytest.mark.django_db(transaction=True)

SALES, PURCHASE, SETTLEMENT = RegisterType.SALES, RegisterType.PURCHASE, RegisterType.SETTLEMENT
RIGHTS = ("isaf.view", "isaf.upload", "isaf.submit", "isaf.crosscheck")


@dataclass(frozen=True)
class Company:
    """A company whose October is held in two parts, A and B, and its head."""

    taxpayer: Taxpayer
    head: Acting

    def clerk(self, *narrowings: Narrowing) -> Acting:
        """Somebody whose mandates are limited so."""
        ways: tuple[Limits, ...] = tuple(one.limits for one in narrowings)
        limited = dict.fromkeys(RIGHTS, ways) if all(ways) else {}
        return replace(make_acting(*RIGHTS, taxpayer=self.taxpayer), limits=limited)

    def register(self, side: RegisterType) -> Register:
        return Register.objects.filter(taxpayer=self.taxpayer, type=side).latest("revision")


@pytest.fixture
def company() -> Company:
    taxpayer = make_taxpayer(vat_code="LT100001111")
    head = make_acting(taxpayer=taxpayer)
    for part in "AB":
        sold, bought = [Sold(f"S {part}1"), Sold(f"S {part}2")], [Sold(f"P {part}1")]
        judged(head, IsafFile(taxpayer.code, part=part, sales=sold, purchases=bought))
    return Company(taxpayer, head)


def _code_of(deed: Callable[[], object]) -> str:
    try:
        deed()
    except DomainError as refused:
        return refused.code
    return ""


FILE = {
    "sales": {"data_type": "S", "sales": [Sold("N 1")]},
    "purchases": {"data_type": "P", "purchases": [Sold("N 1")]},
    "both": {"sales": [Sold("N 1")], "purchases": [Sold("N 2")]},
    "sales called purchases": {"data_type": "P", "sales": [Sold("N 1")]},
    "settlements": {"data_type": "P", "settlements": [Paid()]},
}
ACCEPTED = ""
REGISTER, RECORDS, PART = (
    f"{what}-outside-the-mandate" for what in ("register", "records", "part")
)
SENT = [
    ((WHOLE,), "both", "A", ACCEPTED),
    ((only("P"),), "purchases", "A", ACCEPTED),
    ((only("P"),), "sales", "A", REGISTER),
    ((only("P"),), "both", "A", REGISTER),
    ((only("P"),), "sales called purchases", "A", RECORDS),
    ((only("P"),), "settlements", "A", RECORDS),
    ((only("PM"),), "settlements", "A", ACCEPTED),
    ((only("S"),), "sales", "A", ACCEPTED),
    ((only("S"),), "purchases", "A", REGISTER),
    ((only(parts="B"),), "both", "B", ACCEPTED),
    ((only(parts="B"),), "both", "A", PART),
    ((only("P", "B"),), "purchases", "B", ACCEPTED),
    ((only("P", "B"),), "sales", "B", REGISTER),
    ((only("P", "B"),), "purchases", "A", PART),
    ((only("P"), only("S", "B")), "both", "B", ACCEPTED),
    ((only("P"), only("S", "B")), "both", "A", REGISTER),
    ((only("P"), WHOLE), "both", "A", ACCEPTED),
]


@pytest.mark.parametrize(("limits", "what", "part", "reason"), SENT)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_file_is_taken_as_far_as_the_mandate_reaches(
    company: Company,
    limits: tuple[Narrowing, ...],
    what: str,
    part: str,
    reason: str,
    *,
    dry_run: bool,
) -> None:
    before = _held(company)
    file = IsafFile(company.taxpayer.code, part=part, **FILE[what])  # type: ignore[arg-type]
    document = judged(company.clerk(*limits), file, dry_run=dry_run)
    if reason:
        assert (document.state, document.refusal_code) == (DocumentState.REJECTED, "12002")
        assert [found.reason for found in document.problems.filter(code="12002")] == [reason]
    else:
        assert document.state == DocumentState.ACCEPTED
    if reason or dry_run:
        assert _held(company) == before


def _held(company: Company) -> list[tuple[object, ...]]:
    registers = Register.objects.filter(taxpayer=company.taxpayer)
    shown = registers.values_list("number", "shown__part_number", "shown__part_id")
    return sorted(shown, key=str)


def test_a_file_of_purchases_leaves_the_sales_of_its_part_alone(company: Company) -> None:
    before = [row for row in _held(company) if str(row[0]).startswith("S-")]
    purchases = IsafFile(company.taxpayer.code, part="A", data_type="P", purchases=[Sold("N 1")])
    document = judged(company.clerk(only("P")), purchases)
    assert document.registers == [company.register(PURCHASE).number]
    assert [row for row in _held(company) if str(row[0]).startswith("S-")] == before
    judged(company.head, replace(purchases, purchases=[Sold("N 2")]))
    assert [row for row in _held(company) if str(row[0]).startswith("S-")] != before


def test_a_first_file_of_purchases_makes_no_register_of_sales() -> None:
    taxpayer = make_taxpayer()
    clerk = Company(taxpayer, make_acting(taxpayer=taxpayer)).clerk(only("P"))
    judged(clerk, IsafFile(taxpayer.code, data_type="P", purchases=[Sold()]))
    assert [row.type for row in Register.objects.filter(taxpayer=taxpayer)] == [PURCHASE]


SEEN = [
    ((WHOLE,), {SALES: ["S A1", "S A2", "S B1", "S B2"], PURCHASE: ["P A1", "P B1"]}),
    ((only("P"),), {PURCHASE: ["P A1", "P B1"]}),
    ((only(parts="B"),), {SALES: ["S B1", "S B2"], PURCHASE: ["P B1"]}),
    ((only("S", "A"),), {SALES: ["S A1", "S A2"]}),
    ((only("S", "A"), only("P")), {SALES: ["S A1", "S A2"], PURCHASE: ["P A1", "P B1"]}),
    ((only("M"),), {}),
    ((only(parts="C"),), {}),
]


@pytest.mark.parametrize(("limits", "invoices"), SEEN)
def test_registers_are_seen_as_far_as_the_mandate_reaches(
    company: Company, limits: tuple[Narrowing, ...], invoices: Mapping[RegisterType, list[str]]
) -> None:
    clerk = company.clerk(*limits)
    shown = {row.type: row for row in selectors.registers_of(clerk)}
    assert set(shown) == set(invoices)
    for type_ in (SALES, PURCHASE):
        number = company.register(type_).number
        if type_ not in invoices:
            assert _code_of(lambda: selectors.find_register(clerk, number)) == "register-not-found"  # noqa: B023
            continue
        register = selectors.find_register(clerk, number)
        told = list(selectors.every_invoice(register, InvoiceQuery()))
        assert [row.number for row in told] == invoices[type_]
        assert register.invoices == len(told)  # type: ignore[attr-defined]
        assert register.taxable == Decimal(100) * len(told)  # type: ignore[attr-defined]
        assert selectors.invoice_totals(register, InvoiceQuery()).invoices == len(told)
        parts = {row.part_number for row in told}
        assert {row.part_number for row in selectors.parts_of(register)} == parts
        for hidden in company.register(type_).shown.exclude(part_number__in=parts):
            found = _code_of(lambda: selectors.find_invoice(register, hidden.part_id, 0))  # noqa: B023
            assert found == "invoice-not-found"
    lines = [line for line in selectors.period_lines(clerk) if line.period == OCTOBER]
    assert {row.type for line in lines for row in line.registers} == set(invoices)


def test_findings_and_replaced_parts_are_seen_within_the_limits(company: Company) -> None:
    repeated = [Sold("S A1"), Sold("S A1")]
    for part in "AB":
        file = IsafFile(company.taxpayer.code, part=part, data_type="S", sales=repeated)
        judged(company.head, replace(file, sales=[*repeated, Sold(part)]))
    number = company.register(SALES).number
    whole = selectors.find_register(company.head, number)
    mine = selectors.find_register(company.clerk(only(parts="B")), number)
    assert 0 < len(list(selectors.every_problem(mine))) < len(list(selectors.every_problem(whole)))
    assert {row.part.part_number for row in mine.problems.all() if row.part} == {"A", "B"}
    assert {one.part_number for one in selectors.replaced_parts(whole)} == {"A", "B"}
    assert {one.part_number for one in selectors.replaced_parts(mine)} == {"B"}


DECIDED = [
    (WHOLE, SALES, ""),
    (only("P"), PURCHASE, ""),
    (only("P"), SALES, "register-not-found"),
    (only(parts="B"), SALES, "right-limited"),
    (only("S", "B"), PURCHASE, "register-not-found"),
]


@pytest.mark.parametrize(("limits", "type_", "code"), DECIDED)
@pytest.mark.parametrize("deed", [services.submit_register, services.cancel_register])
def test_a_register_is_submitted_or_given_up_by_whoever_has_all_of_it(
    company: Company,
    limits: Narrowing,
    type_: RegisterType,
    code: str,
    deed: Callable[[Acting, str], Register],
) -> None:
    clerk, number = company.clerk(limits), company.register(type_).number
    assert _code_of(lambda: deed(clerk, number)) == code


def test_whoever_is_limited_sees_the_files_he_has_sent(company: Company) -> None:
    clerk = company.clerk(only("P"))
    file = IsafFile(company.taxpayer.code, part="A", data_type="P", purchases=[Sold("N 1")])
    mine = judged(clerk, file)
    assert list(selectors.recent_files(clerk)) == [mine]
    others = Document.objects.exclude(pk=mine.pk).latest("arrival")
    assert _code_of(lambda: selectors.find_file(clerk, others.pk)) == "file-not-found"
    card = home.files_card(clerk)
    assert card is not None
    assert list(card.context["files"]) == [mine]
    assert selectors.recent_files(company.head).count() == 3


def test_the_start_page_counts_what_the_mandate_reaches(company: Company) -> None:
    for type_ in (SALES, PURCHASE):
        services.submit_register(company.head, company.register(type_).number)
    (month,) = selectors.vat_by_month(company.head)
    assert (month.issued, month.received) == (Decimal(84), Decimal(42))
    (month,) = selectors.vat_by_month(company.clerk(only("P")))
    assert (month.issued, month.received) == (Decimal(0), Decimal(42))
    (month,) = selectors.vat_by_month(company.clerk(only(parts="B")))
    assert (month.issued, month.received) == (Decimal(42), Decimal(21))
    (line,) = (
        one for one in selectors.period_lines(company.clerk(only("P"))) if one.period == OCTOBER
    )
    assert line.is_done


def _traded() -> Acting:
    """A taxpayer with a sale and a purchase that its counterparty tells otherwise."""
    us, them = make_taxpayer(vat_code="LT100001111"), make_taxpayer(vat_code="LT100002222")
    to, dearer = vat_of(them), (Line(vat=Decimal("25.20")),)
    tell(us, "S", Told("SOLD1", to))
    tell(us, "P", Told("BOUGHT1", to))
    tell(them, "P", Told("SOLD1", vat_of(us), lines=dearer), Told("XMISSING9", vat_of(us)))
    tell(them, "S", Told("BOUGHT1", vat_of(us), lines=dearer))
    refresh_pairs(us.pk, OCTOBER)
    return make_acting(taxpayer=us)


PAIRED = [
    (WHOLE, {("S", "differs"), ("S", "missing_at_us"), ("P", "differs")}),
    (only("P"), {("P", "differs")}),
    (only("S"), {("S", "differs"), ("S", "missing_at_us")}),
    (only(parts="1"), {("S", "differs"), ("P", "differs")}),
    (only("S", "1"), {("S", "differs")}),
    (only(parts="B"), set()),
]


@pytest.mark.parametrize(("limits", "expected"), PAIRED)
def test_deals_are_cross_checked_as_far_as_the_mandate_reaches(
    limits: Narrowing, expected: set[tuple[str, str]]
) -> None:
    head = _traded()
    clerk = replace(head, limits={"isaf.crosscheck": (limits.limits,)} if limits.limits else {})
    rows = pairs.pair_page(clerk, OCTOBER, PairQuery(), "").rows
    assert {(row.side, row.state) for row in rows} == expected
    assert len(list(pairs.every_pair(clerk, OCTOBER, PairQuery()))) == len(expected)
    assert pairs.summary_of(clerk, OCTOBER, PairQuery()).pairs == len(expected)
    assert pairs.standing_of(clerk, OCTOBER).counterparties == (1 if expected else 0)
    report = order_cross_check(clerk, [OCTOBER])
    run_cross_check(report.pk)
    lines = reports.lines_of(CrossCheck.objects.get(pk=report.pk))
    assert {(line.side, line.state) for line in lines} == expected


def test_reports_are_seen_by_those_who_are_limited_alike() -> None:
    head = _traded()
    buyer, seller = (
        replace(head, limits={"isaf.crosscheck": (only(side).limits,)}) for side in "PS"
    )
    wide, narrow = order_cross_check(head, [OCTOBER]), order_cross_check(buyer, [OCTOBER])
    assert {one.pk for one in reports.report_page(head, "").rows} == {wide.pk, narrow.pk}
    assert [one.pk for one in reports.report_page(buyer, "").rows] == [narrow.pk]
    assert _code_of(lambda: reports.find_report(buyer, wide.pk)) == "crosscheck-not-found"
    assert _code_of(lambda: reports.find_report(seller, narrow.pk)) == "crosscheck-not-found"


def test_an_invoice_is_cross_checked_within_the_limits_of_that_right() -> None:
    head = _traded()
    register = Register.objects.get(taxpayer_id=head.taxpayer_id, type=SALES)
    detail = selectors.find_invoice(
        selectors.find_register(head, register.number), register.shown.get().part_id, 0
    )
    clerk = replace(head, limits={"isaf.crosscheck": (only("P").limits,)})
    assert pairs.pair_of(head, register, detail.invoice) is not None
    assert pairs.pair_of(clerk, register, detail.invoice) is None


def test_events_are_told_to_those_whose_right_is_whole(company: Company) -> None:
    assert read_events(company.head, 0).items
    assert read_events(company.clerk(only("P")), 0).items == []


def test_a_reach_is_kept_and_read_back() -> None:
    acting = replace(make_acting(), limits={"isaf.view": (only("P").limits, only("S", "B").limits)})
    reach = reach_of(acting, "isaf.view")
    assert set(reach_within(as_json(reach)).ways) == set(reach.ways)
    assert reach.types == {SALES, PURCHASE}
    assert (reach.holds(PURCHASE), reach.holds(SALES), reach.holds(SETTLEMENT)) == (
        True,
        False,
        False,
    )


@dataclass(frozen=True)
class Person:
    """A person limited by a mandate, in a browser and with a program."""

    user: User
    browser: Client
    program: Client


def _person(company: Company, narrowing: Narrowing) -> Person:
    user = make_user()
    make_grant(user, company.taxpayer, *RIGHTS, narrowing=narrowing)
    _, plain = make_api_key(user, company.taxpayer)
    headers = {"Authorization": f"Bearer {plain}", "X-Taxpayer": company.taxpayer.code}
    return Person(user, client_of(user), Client(headers=headers))


PAGES = ("register", "register-problems", "register-parts", "register-submit")
SHOWN = [
    (WHOLE, SALES, 200, 200),
    (only("P"), PURCHASE, 200, 200),
    (only("P"), SALES, 404, 404),
    (only(parts="B"), SALES, 200, 403),
]


@pytest.mark.parametrize(("narrowing", "type_", "looking", "submitting"), SHOWN)
def test_pages_and_web_services_keep_to_the_limits(
    company: Company, narrowing: Narrowing, type_: RegisterType, looking: int, submitting: int
) -> None:
    person, register = _person(company, narrowing), company.register(type_)
    number, part = register.number, register.shown.get(part_number="B").part_id
    for name in PAGES:
        answer = person.browser.get(reverse(f"isaf:{name}", args=[number]))
        expected = submitting if name == "register-submit" else looking
        assert answer.status_code == expected, name
    for name, args in (
        ("register-export", [number, "csv"]),
        ("register-problems-export", [number, "xlsx"]),
        ("invoice", [number, part, 0]),
    ):
        assert person.browser.get(reverse(f"isaf:{name}", args=args)).status_code == looking, name
    api = f"/api/v1/isaf/registers/{number}"
    assert person.program.get(api).status_code == looking
    assert person.program.get(f"{api}/invoices").status_code == looking
    submitted = person.program.post(f"{api}/submit")
    assert submitted.status_code == (202 if submitting == 200 else submitting)


def test_pages_say_that_the_mandate_is_limited(company: Company) -> None:
    limited, whole = (_person(company, one) for one in (only("P", "B"), WHOLE))
    number = company.register(PURCHASE).number
    for name, args in (("registers", []), ("upload", []), ("register", [number])):
        address = reverse(f"isaf:{name}", args=args)
        told = [one.browser.get(address).content.decode() for one in (limited, whole)]
        assert ["Your mandate is limited" in page for page in told] == [True, False], name
    assert "only these parts: B" in limited.browser.get(reverse("isaf:registers")).content.decode()


def test_a_limited_key_gets_the_fault_and_its_limits(company: Company) -> None:
    person = _person(company, only("P"))
    (opened,) = person.program.get("/api/v1/taxpayers").json()
    assert opened["limits"]["isaf.upload"] == [{"isaf.register": ["P"]}]
    content = IsafFile(company.taxpayer.code, data_type="S", sales=[Sold("N 1")]).render()
    sent = person.program.post("/api/v1/isaf/files", content, "application/xml")
    assert sent.status_code == 202

    intake_services.process(sent.json()["id"])
    found = person.program.get(f"/api/v1/isaf/files/{sent.json()['id']}/problems").json()
    assert [(one["code"], one["reason"]) for one in found["items"]] == [("12002", REGISTER)]
    listed = person.program.get("/api/v1/isaf/registers").json()
    assert {row["type"] for row in listed["items"]} == {PURCHASE}
