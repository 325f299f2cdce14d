"""The deals of the demo economy: who sold what to whom, the same for the same seed and day.

Pure: no database and no clock. What each side wrote down of a deal, rightly or wrongly, is in
`demo.books`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.people import Company, companies
from demo.sectors import SECTORS
from imas.kernel.money import euro
from imas.kernel.periods import Period

MONTHS = 14
_CREDIT_NOTES = 0.03
_SERIES = "ABDEGKLMNPRSTV"


@dataclass(frozen=True, slots=True)
class Deal:
    """One invoice between two companies; a credit note has negative amounts and names another."""

    seller: Company
    buyer: Company
    number: str
    issued: date
    code: str
    rate: Decimal | None
    taxable: Decimal
    vat: Decimal
    corrects: tuple[str, date] | None = None

    @property
    def reverse_charge(self) -> bool:
        """The buyer accounts for the VAT (VAT Law, Art. 96)."""
        return self.code == "PVM25"


@dataclass(frozen=True, slots=True)
class Economy:
    """All companies and all their deals, oldest first."""

    companies: tuple[Company, ...]
    deals: tuple[Deal, ...]
    months: tuple[Period, ...]


def build(today: date, *, months: int = MONTHS, seed: int = 2016) -> Economy:
    """Return the economy of the last months, the running one included, up to today."""
    random = Random(seed)  # noqa: S311 - invented trade, not a secret
    members = companies()
    history = _months_until(today, months)
    partners = {company.code: _partners(random, company, members) for company in members}
    deals: list[Deal] = []
    for company in members:
        numbers = _numbers(random)
        for month in history:
            deals += _sales(random, company, partners[company.code], month, numbers)
    return Economy(
        members, tuple(sorted((d for d in deals if d.issued <= today), key=_order)), history
    )


def _order(deal: Deal) -> tuple[date, str, str]:
    return deal.issued, deal.seller.code, deal.number


def _months_until(today: date, count: int) -> tuple[Period, ...]:
    month = Period.month(today.year, today.month)
    found = [month]
    while len(found) < count:
        before = found[-1].start - timedelta(days=1)
        found.append(Period.month(before.year, before.month))
    return tuple(reversed(found))


def _partners(random: Random, seller: Company, members: Sequence[Company]) -> tuple[Company, ...]:
    others = [company for company in members if company != seller]
    return tuple(random.sample(others, k=min(len(others), random.randint(6, 14))))


def _numbers(random: Random) -> Iterator[str]:
    series = "".join(random.choices(_SERIES, k=random.randint(2, 3)))
    width = random.choice([5, 6, 7])
    separator = random.choice(["", "-", " "])
    current = random.randint(20, 4000)
    while True:
        yield f"{series}{separator}{current:0{width}d}"
        current += 1


def _sales(
    random: Random,
    seller: Company,
    partners: Sequence[Company],
    month: Period,
    numbers: Iterator[str],
) -> Iterator[Deal]:
    sector = SECTORS[seller.sector]
    count = max(1, sector.invoices * sector.seasons[month.start.month - 1] // 100)
    if seller.natural:
        count = max(1, count // 4)
    days = sorted(random.randrange(month.end.day) for _ in range(count))
    last: Deal | None = None
    for day in days:
        issued = month.start + timedelta(days=day)
        if last is not None and random.random() < _CREDIT_NOTES:
            yield _credit_note(random, last, next(numbers), issued)
            continue
        last = _invoice(random, seller, random.choice(partners), next(numbers), issued)
        yield last


def _invoice(random: Random, seller: Company, buyer: Company, number: str, issued: date) -> Deal:
    sector = SECTORS[seller.sector]
    code, rate = sector.tax_on(issued)
    low, high = sector.amount
    taxable = euro(
        Decimal(random.triangular(low, high, low + (high - low) / 5)).quantize(Decimal("0.01"))
    )
    return Deal(seller, buyer, number, issued, code, rate, taxable, _vat(taxable, rate))


def _credit_note(random: Random, original: Deal, number: str, issued: date) -> Deal:
    share = Decimal(random.choice([10, 25, 50, 100])) / 100
    taxable = -euro(original.taxable * share)
    return Deal(
        original.seller,
        original.buyer,
        number,
        issued,
        original.code,
        original.rate,
        taxable,
        _vat(taxable, original.rate),
        corrects=(original.number, original.issued),
    )


def _vat(taxable: Decimal, rate: Decimal | None) -> Decimal:
    return euro(taxable * (rate or 0) / 100)
