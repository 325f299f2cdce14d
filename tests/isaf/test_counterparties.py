"""What the registers of taxpayers say of the parties of a register's invoices, on their day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from pytest_django import Settings

from isaf import rules
from isaf.making import legal_code, vat_code
from isaf.models import Register
from isaf.sql.counterparties import CHECKS
from isaf.types import RegisterType
from representation.models import CashAccounting, FarmerScheme, Taxpayer, VatRegistration
from representation.types import TaxpayerKind
from tests.isaf.files import IsafFile, Sold, judged
from tests.make import make_acting, make_taxpayer, personal_code

pytestmark = pytest.mark.django_db(transaction=True)

DAY, BEFORE, AFTER = date(2026, 10, 5), date(2026, 10, 4), date(2026, 10, 6)
SALES, PURCHASE = RegisterType.SALES, RegisterType.PURCHASE


@dataclass(frozen=True)
class Case:
    """A party as it is written, and the codes found in a purchase from it and a sale to it."""

    name: str
    vat: str
    code: str
    purchase: Sequence[str] = ()
    sale: Sequence[str] = ()
    tax_code: str = ""


def _vat(number: int, since: date, until: date | None = None) -> tuple[str, str]:
    owner, code = make_taxpayer(legal_code(35_000_000 + number)), vat_code(number)
    VatRegistration.objects.create(taxpayer=owner, vat_code=code, valid_from=since, valid_to=until)
    return code, owner.code


def _ended(kind: TaxpayerKind, ended_on: date) -> str:
    taxpayer = make_taxpayer(kind=kind)
    Taxpayer.objects.filter(pk=taxpayer.pk).update(ended_on=ended_on)
    return taxpayer.code


def _farmer(since: date, until: date | None = None) -> str:
    farmer = make_taxpayer(kind=TaxpayerKind.NATURAL)
    FarmerScheme.objects.create(taxpayer=farmer, valid_from=since, valid_to=until)
    return farmer.code


def _cash(number: int, since: date, until: date | None = None) -> str:
    code, owner = _vat(3_000_100 + number, date(2020, 1, 1))
    CashAccounting.objects.create(
        taxpayer=Taxpayer.objects.get(code=owner), valid_from=since, valid_to=until
    )
    return code


def _cases() -> list[Case]:
    payer, its_code = _vat(3000001, DAY, DAY)
    early, early_code = _vat(3000002, AFTER)
    late, late_code = _vat(3000003, date(2020, 1, 1), BEFORE)
    person = make_taxpayer(kind=TaxpayerKind.NATURAL)
    persons = vat_code(3000004)
    VatRegistration.objects.create(taxpayer=person, vat_code=persons, valid_from=BEFORE)
    farmer, former = _farmer(DAY, DAY), _farmer(BEFORE, BEFORE)
    gone, going = _ended(TaxpayerKind.LEGAL, BEFORE), _ended(TaxpayerKind.LEGAL, DAY)
    late_farmer = ["14313"]
    return [
        Case("payer on the day", payer, its_code),
        Case("payer from the next day", early, early_code, ["14003"], ["14025"]),
        Case("payer until the day before", late, late_code, ["14003"], ["14025"]),
        Case("unknown payer", vat_code(3999999), ""),
        Case("ended the day before", "ND", gone, ["14007"], ["14031"]),
        Case("ended on the day", "ND", going),
        Case("a person who has died", "ND", _ended(TaxpayerKind.NATURAL, BEFORE)),
        Case("codes of two", payer, early_code, ["14403"], ["14406"]),
        Case("a person's licence beside his VAT code", persons, legal_code(39999999)),
        Case("a farmer", "ND", farmer, late_farmer),
        Case("a farmer by his tax code", "ND", farmer, tax_code="PVM49"),
        Case("no farmer any more", "ND", former),
        Case("a farmer who pays VAT", payer, farmer, ["14403"], ["14406"]),
        Case("a farmer's code for a VAT code", farmer, "", (), ["14404"]),
        Case("a farmer with something for a VAT code", "XX12", farmer, late_farmer, ["14405"]),
        Case("nobody known", "ND", personal_code()),
        Case("taxed when he is paid", _cash(1, DAY, DAY), "", ["14314"], tax_code="PVM49"),
        Case("no longer so", _cash(2, BEFORE, BEFORE), "", tax_code="PVM49"),
        Case("so, with an ordinary code", _cash(3, DAY), ""),
    ]


def _found(type_: RegisterType, cases: Sequence[Case]) -> dict[str, list[str]]:
    """Return the codes of these checks by the name of the case."""
    acting = make_acting()
    rows = [
        Sold(f"A {n}", one.vat, issued=DAY, code=one.code, tax_code=one.tax_code)
        for n, one in enumerate(cases)
    ]
    listed = {"sales": rows} if type_ is SALES else {"purchases": rows}
    judged(acting, IsafFile(acting.taxpayer_code, **listed))  # type: ignore[arg-type]
    register = Register.objects.get(type=type_, taxpayer_id=acting.taxpayer_id)
    found = defaultdict(list)
    for problem in register.problems.filter(code__in=[check.code for check in CHECKS[type_]]):
        assert problem.invoice_position is not None
        assert problem.invoice_no == f"A {problem.invoice_position}"
        assert f"/Invoice[{problem.invoice_position + 1}]/" in problem.path
        found[cases[problem.invoice_position].name].append(problem.code)
    return dict(found)


@pytest.mark.parametrize("type_", [SALES, PURCHASE])
def test_parties_are_looked_up_as_they_were_on_the_day(type_: RegisterType) -> None:
    cases = _cases()
    expected = {one.name: one.sale if type_ is SALES else one.purchase for one in cases}
    assert _found(type_, cases) == {name: codes for name, codes in expected.items() if codes}


def test_an_unknown_vat_code_is_told_where_the_registers_are_whole(settings: Settings) -> None:
    settings.REGISTERS_ARE_WHOLE = True
    payer, code = _vat(3000001, DAY)
    cases = [Case("known", payer, code), Case("unknown", vat_code(3999999), "")]
    assert _found(PURCHASE, cases) == {"unknown": ["14069"]}


def test_every_check_is_a_warning_until_somebody_says_otherwise() -> None:
    codes = [check.code for checks in CHECKS.values() for check in checks]
    assert len(codes) == len(set(codes)) == 11
    assert {rules.severity(code, DAY) for code in codes} == {"warning"}
