"""Pages of i.SAF in every state a taxpayer can meet them, judged by axe-core, wide and narrow."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from exchange.desk.models import DeskFile
from exchange.services import filing
from imas.kernel import clock
from imas.kernel.periods import Period
from isaf import services
from isaf.entered import Content
from isaf.models import CrossCheck, DealPair, EInvoiceSource, Register, ReportState
from isaf.returns.forms import FormName
from isaf.selectors.pairs import PairQuery
from isaf.services import (
    computing,
    dealing,
    entering,
    filed,
    importing,
    postponing,
    returns,
    saved_views,
    standing,
)
from isaf.services.crosscheck import order_cross_check, refresh_pairs, run_cross_check
from isaf.services.einvoices import take_in
from isaf.types import EntryKind, RegisterState, RegisterType, ViewPage
from mailbox.proofs import Proof
from representation.models import Taxpayer
from representation.services.officers import Officer
from representation.types import Acting
from tests import make
from tests.browser.conftest import Axe, Look, SignIn
from tests.isaf.drafting import computed, drafted, sold
from tests.isaf.files import IsafFile, Paid, Sold, judged, send
from tests.isaf.registers_told import OCTOBER, Line, Told, supersede, tell, vat_of
from tests.isaf.test_einvoices import BUYER_VAT, Ubl

pytestmark = pytest.mark.django_db(transaction=True)
See = Callable[..., None]


@pytest.fixture
def acting() -> Acting:
    """Somebody who may do everything for a company."""
    taxpayer = make.make_taxpayer(name="UAB „Baltijos mediena“", vat_code="LT100001111")
    head = make.make_user(first_name="Vaida", last_name="Vadovė", language="lt")
    make.make_headship(head, taxpayer)
    return make.make_acting(taxpayer=taxpayer, user=head)


@pytest.fixture
def see(look: Look, signed_in: SignIn, acting: Acting) -> See:
    """Return a function that looks at pages by name, signed in for the company."""
    signed_in(User.objects.get(pk=acting.user_id), Taxpayer.objects.get(pk=acting.taxpayer_id))

    def at(name: str, *args: object, query: str = "") -> None:
        look(reverse(f"isaf:{name}", args=args) + query)

    return at


def the(register_type: RegisterType = RegisterType.SALES) -> str:
    """The number of the only register of a type."""
    return Register.objects.get(type=register_type).number


def cross_checked(acting: Acting) -> Register:
    """Registers of both sides of the deals, with mismatches; ours is returned."""
    ours = Taxpayer.objects.get(pk=acting.taxpayer_id)
    theirs = make.make_taxpayer(name="UAB „Sostinės statyba“", vat_code="LT100002222")
    to, by = vat_of(theirs), vat_of(ours)
    register = tell(
        ours, "S", Told("M1", to), Told("D2", to), Told("VIENAS9", to), Told("GK2026-1O7", to)
    )
    dearer = (Line(vat=Decimal("25.20")),)
    tell(
        theirs,
        "P",
        Told("M1", by),
        Told("D2", by, lines=dearer),
        Told("KITAS55", by),
        Told("GK2026-107", by),
    )
    refresh_pairs(ours.pk, OCTOBER)
    return register


def test_pages_before_anything_was_sent(see: See) -> None:
    for name in (
        "registers",
        "upload",
        "files",
        "crosschecks",
        "crosscheck-reports",
        "crosscheck-order",
    ):
        see(name)


def test_preliminary_returns(
    page: Page, live_server: LiveServer, axe: Axe, see: See, acting: Acting
) -> None:
    see("returns")
    see("return-order")
    odd = sold(Line(Decimal(5), None, "PVM100"), number="N1")
    margin = sold(Line(Decimal(7), Decimal("1.47"), "PVM32"), number="M1")
    goods = sold(Line(Decimal(90), None, "PVM13"), number="EU1", vat_code="PL1")
    version = drafted(acting, [sold(Line()), odd, margin, goods], [sold(Line(), number="P1")])
    found = version.of_id
    for name, *more in (("return",), ("return-box", "11"), ("return-box", "36")):
        see(name, found, *more)
    for name in ("return-settings", "return-line", "return-confirm"):
        see(name, found)
    see("return-apart", found, "unmapped")
    see("return-apart", found, "postponed")
    see("return", drafted(acting, period=Period.month(2026, 9), form=FormName.LIST).of_id)
    see("return", computed(acting, form=FormName.LIST).of_id)

    page.goto(live_server.url + reverse("isaf:return-box", args=[found, "25"]))
    page.get_by_role("checkbox", name="P1").check()
    page.locator("#id_counted").select_option("excluded")
    page.locator("#id_reason").fill("Ne mūsų")
    page.locator("main form[data-choose] button[type=submit]").click()
    expect(page.locator("main")).not_to_contain_text("P1")
    page.goto(live_server.url + reverse("isaf:return-apart", args=[found, "excluded"]))
    expect(page.locator("main")).to_contain_text("Ne mūsų")
    axe(page)
    page.goto(live_server.url + reverse("isaf:return-confirm", args=[found]))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/isaf/returns/{found}/")
    see("return", found)


def test_what_follows_a_preliminary_return(see: See, acting: Acting) -> None:
    goods = sold(Line(Decimal(90), None, "PVM13"), number="EU1", vat_code="PL1")
    found = drafted(acting, [sold(Line()), goods]).of_id
    filed.tell_filed(acting, found, {"11": 7})
    see("return", found)
    see("return-filed", found)
    listed = computed(acting, form=FormName.LIST).of_id
    returns.confirm(acting, listed, 1)
    returns.correct(acting, listed)
    computing.compute_return(listed)
    see("return-settings", listed)
    sale = Register.objects.get(start=OCTOBER.start, type=RegisterType.SALES)
    see("invoice", sale.number, sale.parts.get().pk, 1)


def test_the_desk_that_stands_in_for_eds(
    see: See, look: Look, page: Page, live_server: LiveServer, axe: Axe, acting: Acting
) -> None:
    see("returns")
    look(reverse("eds:drafts"))
    version = drafted(acting, [sold(Line())])
    returns.confirm(acting, version.of_id, 1)
    with override_settings(EDS_UPLOAD_URL=live_server.url + reverse("eds:upload")):
        for filing_id in filing.due():
            filing.carry_on(filing_id)
    see("return", version.of_id)
    look(reverse("eds:drafts"))
    draft = reverse("eds:draft", args=[DeskFile.objects.get().pk])
    look(draft)
    page.goto(live_server.url + draft)
    page.locator("#id_E10").fill("620100")
    page.locator("main form.card-body button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("620100")
    axe(page)


def test_a_return_that_is_not_computed_yet(see: See, acting: Acting) -> None:
    (ahead,) = returns.order_returns(acting, [Period.month(2026, 8)], [FormName.RETURN])
    see("return", ahead.pk)
    computing.compute_return(ahead.pk)
    see("return", ahead.pk)
    see("returns")


def test_a_period_without_invoices(see: See) -> None:
    see("nil", "2026-10")


def test_entering_by_hand(page: Page, live_server: LiveServer, axe: Axe, see: See) -> None:
    see("entry", OCTOBER, "PURCHASE_REGISTRY")
    see("entry", OCTOBER, "SETTLEMENTS_AND_PAYMENTS_REGISTRY")
    see("entry-import", OCTOBER, "SALES_REGISTRY")
    page.goto(live_server.url + reverse("isaf:entry", args=[OCTOBER, "SALES_REGISTRY"]))
    page.locator("#id_number").press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)
    page.locator("#id_number").fill("RANKA-1")
    page.locator("#id_issued").fill("2026-09-05")
    page.locator("#id_party_country").select_option("LT")
    page.locator("#id_party_name").fill("UAB „Sostinės statyba“")
    page.locator("#id_rows-0-code").select_option("PVM1")
    page.locator("#id_rows-0-taxable").fill("1 000,50")
    page.locator("#id_rows-0-amount").focus()
    expect(page.locator("#id_rows-0-amount")).to_have_value(re.compile(r"210[.,]11"))
    expect(page.locator("#entry-verdict")).to_contain_text("14037")
    axe(page)
    page.locator("#id_rows-0-taxable").fill("100")
    page.locator("#id_rows-0-amount").focus()
    expect(page.locator("#id_rows-0-amount")).to_have_value(re.compile(r"21[.,]00"))
    page.locator("#id_rows-0-amount").press("Enter")
    expect(page.locator("#entered")).to_contain_text("RANKA-1")
    page.locator("#entered th a").click()
    expect(page.locator("#entry-verdict")).to_contain_text("14037")
    axe(page)


def test_what_follows_is_filled_in_until_somebody_writes_another(
    page: Page, live_server: LiveServer, see: See, acting: Acting
) -> None:
    see("entry", OCTOBER, "SALES_REGISTRY")
    content: Content = {
        "number": "RANKA-1",
        "day": "2026-10-05",
        "type": "SF",
        "special": "",
        "party": {"vat": "ND", "code": "", "country": "LT", "name": "UAB „Sostinės statyba“"},
        "references": [],
        "vat_point": None,
        "registered": None,
        "share": None,
        "rows": [["100.00", "PVM1", "21", "21.00"]],
    }
    row = entering.save_row(acting, OCTOBER, RegisterType.SALES, content)
    args = [OCTOBER, "SALES_REGISTRY", row.pk]
    page.goto(live_server.url + reverse("isaf:entry-row", args=args))
    page.locator("#id_rows-0-taxable").fill("300")
    page.locator("#id_rows-0-amount").focus()
    expect(page.locator("#id_rows-0-amount")).to_have_value(re.compile(r"63[.,]00"))
    page.locator("#id_rows-0-amount").fill("50")
    page.locator("#id_number").focus()
    expect(page.locator("#entry-verdict")).to_contain_text("14051")
    expect(page.locator("#id_rows-0-amount")).to_have_value("50")
    known = make.make_taxpayer(name="UAB „Žinomas pirkėjas“", vat_code="LT100001234510")
    page.locator("#id_party_name").fill("")
    page.locator("#id_party_vat").fill(known.vat_code_on(clock.today()))
    page.locator("#id_number").focus()
    expect(page.locator("#id_party_name")).to_have_value(known.name)


def test_postponing_a_deadline(look: Look, see: See, acting: Acting, signed_in: SignIn) -> None:
    see("postpone", "2026-10")
    reason = "Gaisras sunaikino apskaitos duomenis, jie atkuriami."
    until = clock.today() + timedelta(days=5)
    proof = Proof(SimpleUploadedFile("pažyma.pdf", b"%PDF-1.7"), "application/pdf")
    longest = clock.today() - OCTOBER.deadline + timedelta(days=10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "ISAF_POSTPONED_LONGEST", longest)
        made = postponing.ask(acting, OCTOBER, until=until, reason=reason, proofs=[proof])
    see("postponement", made.pk)
    see("registers")
    officer = make.make_user(is_staff=True, language="lt")
    make.make_totp(officer)
    signed_in(officer, proved=True)
    look(reverse("isaf:postponement-desk"))
    look(reverse("isaf:postponement-decide", args=[made.pk]))
    postponing.decide(Officer(None), made.pk, granted_until=until, answer="Pagrįsta.")
    look(reverse("isaf:postponement-desk"))
    signed_in(User.objects.get(pk=acting.user_id), Taxpayer.objects.get(pk=acting.taxpayer_id))
    look(reverse("isaf:postponement", args=[made.pk]))


def test_taking_a_spreadsheet_in(
    page: Page, live_server: LiveServer, axe: Axe, see: See, acting: Acting
) -> None:
    heading = "Numeris;Data;Pirkėjas;PVM mokėtojo kodas;Mokesčio kodas;Apmokestinamoji vertė\n"
    line = "RANKA-{};2026-10-{};UAB „Pušis“;LT100001919017;PVM1;100,00\n"
    text = heading + line.format(1, "05") + line.format(2, "45")
    file = BytesIO(text.encode())
    taken = importing.take_spreadsheet(acting, OCTOBER, RegisterType.SALES, file, "spalis.csv")
    see("entry-columns", OCTOBER, "SALES_REGISTRY", taken.pk)
    args = [OCTOBER, "SALES_REGISTRY", taken.pk]
    page.goto(live_server.url + reverse("isaf:entry-columns", args=args))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("RANKA-2")
    expect(page.locator(".notice-danger")).to_be_visible()
    axe(page)
    see("entry", OCTOBER, "SALES_REGISTRY")


def test_a_form_without_a_file_says_so(
    page: Page, live_server: LiveServer, axe: Axe, see: See
) -> None:
    page.goto(live_server.url + reverse("isaf:upload"))
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)


def test_a_file_that_waits_its_turn_and_one_being_read(see: See, acting: Acting) -> None:
    document = send(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    see("file", document.pk)
    document.state, document.stage, document.started_at = "PROCESSING", "READING", clock.now()
    document.bytes_read, document.total_bytes, document.records = 400, 1000, 12345
    document.save()
    see("file", document.pk)
    see("files")


def test_verdicts_of_every_kind(see: See, acting: Acting) -> None:
    code = acting.taxpayer_code
    good = IsafFile(code, sales=[Sold()])
    wrong = IsafFile(code, part="2", sales=[Sold("B 1", vat=Decimal("99.00")), Sold("BE NUMERIO")])
    documents = [
        judged(acting, good, dry_run=True),
        judged(acting, good),
        judged(acting, good),
        judged(acting, wrong),
        judged(acting, b"not a register"),
        judged(acting, IsafFile("100000000").render()),
    ]
    assert len({document.state for document in documents}) == 3
    for document in documents:
        see("file", document.pk)
    see("files")


def test_pages_of_a_register_being_prepared(see: See, acting: Acting) -> None:
    file = IsafFile(
        acting.taxpayer_code,
        sales=[Sold(), Sold("B 1", vat=Decimal("99.00"))],
        settlements=[Paid()],
    )
    judged(acting, file)
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold(), Sold("B 2")]))
    names = ("register", "register-groups", "register-problems", "register-parts")
    for name in (*names, "register-submit"):
        see(name, the())
    see("register", the(), query="?q=nothing-like-it")
    see("register", the(RegisterType.PURCHASE))
    see("register-submit", the(RegisterType.PURCHASE))
    see("register", the(RegisterType.SETTLEMENT))
    see("registers")


def test_pages_of_a_register_that_was_submitted(see: See, acting: Acting) -> None:
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    register = services.submit_register(acting, the())
    see("register-submitted", register.number)
    see("register", register.number)
    services.decide_register(register.pk)
    see("register-submitted", register.number)
    see("register", register.number)
    Register.objects.filter(pk=register.pk).update(
        state=RegisterState.REJECTED, errors=1, relevant=False, current=False
    )
    see("register", register.number)
    see("registers")


def test_what_a_revision_changed_and_views_that_are_saved(see: See, acting: Acting) -> None:
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    dearer = Told("B 1", lines=(Line(Decimal(120), Decimal("25.20")),))
    first = tell(taxpayer, "S", Told("A 1"), Told("B 1"))
    see("register-changes", first.number)
    supersede(first)
    second = tell(taxpayer, "S", dearer, Told("C 1"))
    see("register-changes", second.number)
    see("register-parts", second.number)
    saved_views.save(acting, ViewPage.INVOICES, "Dideli", "taxable_from=500")
    see("register", second.number, query="?type=SF")


def test_einvoices_in_every_state(see: See, acting: Acting) -> None:
    officer = Officer(make.make_user(is_staff=True))
    for number, total in (("M 1", "121.00"), ("D 1", "125.00"), ("N 1", "121.00")):
        take_in(officer, EInvoiceSource.SABIS, Ubl(number, total=total).render())
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    tell(taxpayer, "S", *(Told(number, vat_code=BUYER_VAT) for number in ("M 1", "D 1")))
    see("einvoices", query="?period=2026-10")
    see("crosschecks", query="?period=2026-10")
    see("differences", query="?period=2026-10")
    report = order_cross_check(acting, [OCTOBER])
    run_cross_check(report.pk)
    see("crosscheck", report.pk)
    tell(taxpayer, "S", period=Period.month(2026, 9))
    see("einvoices", query="?period=2026-09")


def test_the_cross_check_of_a_period_in_every_state(see: See, acting: Acting) -> None:
    register = cross_checked(acting)
    part = register.shown.get().part
    see("crosschecks")
    for state in (
        "matched",
        "missing_at_counterparty",
        "missing_at_us",
        "possible_match",
        "waiting",
    ):
        see("crosschecks", query=f"?state={state}")
    see("crosschecks", query="?q=nothing-like-it")
    see("crosscheck-order")
    see("invoice", register.number, part.pk, 1)


def test_a_deal_before_and_after_it_is_talked_of(
    page: Page, live_server: LiveServer, axe: Axe, see: See, acting: Acting
) -> None:
    cross_checked(acting)
    see("differences")
    for pair in DealPair.objects.filter(buyer_id__isnull=False):
        see("deal", pair.match_key)
    missing = DealPair.objects.filter(state="missing", sale_part__isnull=False)
    sold = missing.filter(seller_id=acting.taxpayer_id)[0]
    dealing.propose(acting, sold.match_key, "Prašome įtraukti.")
    buyer = make.make_acting(taxpayer=Taxpayer.objects.get(pk=sold.buyer_id or 0))
    dealing.mark(buyer, sold.match_key, EntryKind.NOT_MINE, "Tokios negavome.")
    see("deal", sold.match_key)
    page.goto(live_server.url + reverse("isaf:deal", args=[sold.match_key]))
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)


def test_a_report_ordered_drawn_up_and_failed(see: See, acting: Acting) -> None:
    cross_checked(acting)
    standing.start(acting, PairQuery(side="S"))
    report = order_cross_check(acting, [OCTOBER])
    see("crosscheck", report.pk)
    run_cross_check(report.pk)
    see("crosscheck", report.pk)
    see("crosscheck", report.pk, query="?state=matched")
    see("crosscheck-reports")
    CrossCheck.objects.filter(pk=report.pk).update(state=ReportState.FAILED)
    see("crosscheck", report.pk)


def test_the_start_page_before_anything_and_with_everything(
    look: Look, see: See, acting: Acting
) -> None:
    look(reverse("representation:home"))
    cross_checked(acting)
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold(issued=date(2026, 10, 5))]))
    look(reverse("representation:home"))


def test_a_reader_is_told_what_is_missing_and_sees_no_button_that_is_refused(
    page: Page, live_server: LiveServer, look: Look, signed_in: SignIn, acting: Acting
) -> None:
    taxpayer = Taxpayer.objects.get(pk=acting.taxpayer_id)
    reader = make.make_user(language="lt")
    make.make_grant(reader, taxpayer, "isaf.view")
    judged(acting, IsafFile(acting.taxpayer_code, sales=[Sold()]))
    signed_in(reader, taxpayer)
    look(reverse("isaf:upload"), 403)
    for address in (reverse("isaf:registers"), reverse("isaf:register", args=[the()])):
        look(address)
        for name, args in (("upload", []), ("register-submit", [the()])):
            expect(
                page.locator(f"main a[href='{reverse(f'isaf:{name}', args=args)}']")
            ).to_have_count(0)
