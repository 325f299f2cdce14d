"""What each side wrote into its register of a deal: mostly the same, sometimes not.

Every kind of mismatch the cross-check tells appears by a fixed share, chosen by a hash of the deal
so that the same economy always has the same mistakes.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from demo.economy import Deal, Economy
from demo.people import Company
from imas.kernel.money import euro
from imas.kernel.periods import Period
from isaf.types import Invoice, Party, Reference, RegisterType, TaxRow

_FOREIGN = (
    Party("", "EE109999902", "", "", "Tallinna Kaubandus OÜ"),
    Party("", "LV49999999903", "", "", "Rīgas Preces SIA"),
    Party("", "PL9999999901", "", "", "Warszawa Handel Sp. z o.o."),
    Party("", "DE399999906", "", "", "Hamburg Maschinenbau GmbH"),
)


def sales(economy: Economy, company: Company, period: Period) -> Iterator[Invoice]:
    """Yield the issued register of a company for a period, in order of issue."""
    own = (d for d in economy.deals if d.seller == company and d.issued in period)
    kept = (deal for deal in own if _mistake(deal) != "seller-forgot")
    for position, deal in enumerate(kept):
        yield _invoice(RegisterType.SALES, position, deal, deal.buyer)


def purchases(economy: Economy, company: Company, period: Period) -> Iterator[Invoice]:
    """Yield the received register of a company for a period, with the buyer's own mistakes."""
    own = (d for d in economy.deals if d.buyer == company and d.issued in period)
    written = (_as_buyer_wrote(deal, period) for deal in own if _mistake(deal) != "buyer-forgot")
    position = -1
    for position, deal in enumerate(written):
        yield _invoice(RegisterType.PURCHASE, position, deal, deal.seller)
    for offset, party in enumerate(_foreign_suppliers(company, period)):
        yield _foreign_purchase(position + 1 + offset, party, period)


def _mistake(deal: Deal) -> str:
    """Return which mistake befell this deal; about one in twenty has one."""
    draw = zlib.crc32(f"{deal.seller.code}{deal.number}".encode()) % 1000
    for limit, mistake in (
        (6, "seller-forgot"),
        (16, "buyer-forgot"),
        (24, "receipt-date"),
        (30, "amount"),
        (35, "vat"),
        (42, "number"),
        (46, "swapped"),
        (50, "type"),
    ):
        if draw < limit:
            return mistake
    return ""


def _as_buyer_wrote(deal: Deal, period: Period) -> Deal:
    match _mistake(deal):
        case "receipt-date":
            late = min(deal.issued + timedelta(days=3), period.end)
            return replace(deal, issued=late)
        case "amount":
            taxable = euro(deal.taxable + 10)
            return replace(deal, taxable=taxable, vat=euro(taxable * (deal.rate or 0) / 100))
        case "vat":
            return replace(deal, vat=deal.vat + (Decimal("0.01") if deal.vat else Decimal(0)))
        case "number":
            return replace(deal, number=deal.number[:-2] + deal.number[-1])
        case "swapped":
            return replace(deal, number=deal.number[:-2] + deal.number[-1] + deal.number[-2])
        case _:
            return replace(deal, number=_rewritten(deal.number))


def _rewritten(number: str) -> str:
    """Write a number as bookkeepers do: other separators, same letters and digits."""
    return number.replace(" ", "-") if zlib.crc32(number.encode()) % 3 else number.replace("-", "")


def _invoice(register: RegisterType, position: int, deal: Deal, other: Company) -> Invoice:
    sold = register is RegisterType.SALES
    # A received invoice from a Lithuanian VAT payer carries no tax code but for reverse charge.
    code = deal.code if sold or deal.reverse_charge else ""
    rate, vat = deal.rate, deal.vat
    if deal.reverse_charge:
        rate, vat = Decimal(21), euro(deal.taxable * 21 / 100) if not sold else Decimal("0.00")
    mark = "KS" if deal.corrects else "SF"
    if not sold and _mistake(deal) == "type" and mark == "SF":
        mark = "DS"
    return Invoice(
        register=register,
        position=position,
        line=0,
        number=deal.number,
        party=Party("", other.vat, other.code, "", other.name),
        issued=deal.issued,
        type=mark,
        special="T" if deal.seller.cash_accounting and sold else "",
        references=(Reference(*deal.corrects),) if deal.corrects else (),
        vat_point=None,
        registered=None if sold else deal.issued,
        rows=(TaxRow(deal.taxable, code, rate, vat),),
    )


def _foreign_suppliers(company: Company, period: Period) -> Iterable[Party]:
    draw = zlib.crc32(f"{company.code}{period.code}".encode())
    return (_FOREIGN[draw % len(_FOREIGN)],) if draw % 3 == 0 else ()


def _foreign_purchase(position: int, party: Party, period: Period) -> Invoice:
    draw = zlib.crc32(f"{party.vat_code}{period.code}{position}".encode())
    taxable = euro(Decimal(draw % 900_000) / 100 + 150)
    issued = period.start + timedelta(days=draw % 20)
    return Invoice(
        register=RegisterType.PURCHASE,
        position=position,
        line=0,
        number=f"INV{draw % 100_000:05d}",
        party=party,
        issued=issued,
        type="SF",
        special="",
        references=(),
        vat_point=None,
        registered=issued,
        rows=(TaxRow(taxable, "PVM16", Decimal(21), euro(taxable * 21 / 100)),),
    )
