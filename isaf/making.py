"""Files that nobody sent: valid i.SAF of any size, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from stdnum.lt import pvm

from imas.kernel.money import ZERO, euro
from imas.kernel.periods import Period
from isaf.building import document
from isaf.parsing.model import VERSION
from isaf.types import DataType, Header, Invoice, Party, Reference, RegisterType, TaxRow

TAXPAYER = "300000010"
"""A code that is valid by its check digit and that no known company has."""

OCTOBER = Period.month(2026, 10)

_WORDS = (  # noqa: SIM905
    "Baltijos Žalioji Šiaurės Vilniaus Kauno Klaipėdos Aukštaitijos Ąžuolo Jūros Nemuno Prekyba "
    "Statyba Transportas Logistika Medis Energija Technika Žemė Spauda Kepykla Vaistinė Paslaugos"
).split()
_ABROAD = (
    ("EE100931558", "EE", "Läänemere OÜ"),
    ("LV40003521600", "LV", "Rīgas tirgus SIA"),
    ("PL5260250995", "PL", "Handel Sp. z o.o."),
    ("DE136695976", "DE", "Nordhandel GmbH"),
)
_SERIES = ("ABC", "PVM-", "SF ", "V/", "LT")
_TWELVE_PER_CENT = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to make: a fifth of the invoices are received ones, as in an ordinary firm."""

    invoices: int
    seed: int
    taxpayer: str = TAXPAYER
    period: Period = OCTOBER
    part_number: str = "1"

    @property
    def purchases(self) -> int:
        """How many of the invoices are received ones."""
        return self.invoices // 5


def made(recipe: Recipe) -> Iterator[bytes]:
    """Yield a whole valid file, pretty printed, a record at a time."""
    random = Random(recipe.seed)  # noqa: S311  nothing secret is made here
    firms = tuple(_firms(random, max(5, min(recipe.invoices // 5, 20_000))))
    return document(
        _header(recipe),
        purchases=_purchases(recipe, random, firms),
        sales=_sales(recipe, random, firms),
    )


def legal_code(number: int) -> str:
    """Return the nine-digit code, with its check digit, for a number of up to eight digits."""
    return _with_check_digit(f"{number:08d}")


def vat_code(number: int) -> str:
    """Return the nine-digit VAT code of a legal entity for a number of up to seven digits."""
    return f"LT{_with_check_digit(f'{number:07d}1')}"


def _with_check_digit(digits: str) -> str:
    return digits + pvm.calc_check_digit(digits)


def _header(recipe: Recipe) -> Header:
    return Header(
        version=VERSION,
        created=f"{recipe.period.end + timedelta(days=9)}T09:15:00",
        data_type=DataType.FULL,
        software_company="i.MAS",
        software_name="make_isaf",
        software_version="1",
        registration_number=recipe.taxpayer,
        number_of_parts=1,
        part_number=recipe.part_number,
        start=recipe.period.start,
        end=recipe.period.end,
    )


def _firms(random: Random, count: int) -> Iterator[Party]:
    for index in range(count):
        number = random.randrange(1_000_000, 9_999_999)
        name = f"UAB „{random.choice(_WORDS)} {random.choice(_WORDS).lower()} {index}“"
        yield Party("", vat_code(number), legal_code(30_000_002 + index), "LT", name)


def _sales(recipe: Recipe, random: Random, firms: tuple[Party, ...]) -> Iterator[Invoice]:
    for position in range(recipe.invoices - recipe.purchases):
        issued = _day(recipe.period, random)
        chance = random.random()
        credit = chance < 0.04
        party = _buyer(random, firms)
        yield Invoice(
            register=RegisterType.SALES,
            position=position,
            line=0,
            number=f"{_SERIES[position % len(_SERIES)]}{position + 1:07d}",
            party=party,
            issued=issued,
            type="KS" if credit else "SF",
            special="",
            references=(_earlier(random, issued),) if credit else (),
            vat_point=None,
            registered=None,
            rows=_sale_rows(random, issued, party, sign=-1 if credit else 1),
        )


def _purchases(recipe: Recipe, random: Random, firms: tuple[Party, ...]) -> Iterator[Invoice]:
    for position in range(recipe.purchases):
        issued = _day(recipe.period, random)
        abroad = random.random() < 0.03
        party = _foreigner(random) if abroad else random.choice(firms)
        taxable, rate = _base(random), Decimal(21)
        yield Invoice(
            register=RegisterType.PURCHASE,
            position=position,
            line=0,
            number=f"{random.choice(_SERIES)}{position + 1:07d}",
            party=party,
            issued=issued,
            type="SF",
            special="",
            references=(),
            vat_point=None,
            registered=min(issued + timedelta(days=random.randrange(4)), recipe.period.end),
            rows=(TaxRow(taxable, "PVM16" if abroad else "", rate, _vat(taxable, rate)),),
        )


def _sale_rows(random: Random, issued: date, party: Party, sign: int) -> tuple[TaxRow, ...]:
    if party.country not in {"LT", ""}:
        return (TaxRow(sign * _base(random), "PVM13", Decimal(0), ZERO),)
    reduced = ("PVM58", "12") if issued >= _TWELVE_PER_CENT else ("PVM2", "9")
    kinds = [("PVM1", "21"), ("PVM3", "5"), reduced]
    chance = random.random()
    count = 1 if chance < 0.75 else 2 if chance < 0.95 else 3
    rows = []
    for code, percent in kinds[:count]:
        taxable, rate = sign * _base(random), Decimal(percent)
        rows.append(TaxRow(taxable, code, rate, _vat(taxable, rate)))
    return tuple(rows)


def _buyer(random: Random, firms: tuple[Party, ...]) -> Party:
    chance = random.random()
    if chance < 0.03:
        return Party("", "ND", "ND", "LT", "ND")
    return _foreigner(random) if chance < 0.05 else random.choice(firms)


def _foreigner(random: Random) -> Party:
    code, country, name = random.choice(_ABROAD)
    return Party("", code, "", country, name)


def _earlier(random: Random, issued: date) -> Reference:
    day = issued - timedelta(days=random.randrange(1, 60))
    return Reference(f"ABC{random.randrange(1, 9999):07d}", day)


def _day(period: Period, random: Random) -> date:
    return period.start + timedelta(days=random.randrange((period.end - period.start).days + 1))


def _base(random: Random) -> Decimal:
    return Decimal(random.randrange(100, 1_000_000)).scaleb(-2)


def _vat(taxable: Decimal, rate: Decimal) -> Decimal:
    return euro(taxable * rate / 100)
