"""Builders of i.SAF values: each is in order as it stands, and a test spoils one thing."""

from datetime import date
from decimal import Decimal
from typing import Any

from imas.kernel.periods import Period
from isaf.types import (
    DataType,
    DateRange,
    FileContext,
    Header,
    Invoice,
    MasterParty,
    Party,
    PartyKind,
    RegisterType,
    SettledInvoice,
    Settlement,
    SettlementKind,
    TaxpayerFacts,
    TaxRow,
)

OCTOBER = Period.month(2026, 10)
TODAY = date(2026, 11, 10)
OWN_CODE, OWN_VAT = "304823023", "LT100001919017"


def party(vat_code: str = "LT119511515", **changes: str) -> Party:
    """A Lithuanian VAT payer."""
    return Party(
        **{
            "party_id": "",
            "vat_code": vat_code,
            "registration_code": "",
            "country": "",
            "name": "UAB Bandymas",
            **changes,
        }
    )


def row(
    taxable: str = "100.00",
    code: str = "PVM1",
    rate: str | None = "21",
    amount: str | None = "21.00",
    vat_point: date | None = None,
) -> TaxRow:
    """A hundred euros at the standard rate."""
    return TaxRow(
        Decimal(taxable),
        code,
        None if rate is None else Decimal(rate),
        None if amount is None else Decimal(amount),
        vat_point,
    )


def sale(*rows: TaxRow, **changes: Any) -> Invoice:
    """An issued invoice of October 2026."""
    return Invoice(
        **{
            "register": RegisterType.SALES,
            "position": 0,
            "line": 7,
            "number": "AA 1",
            "party": party(),
            "issued": date(2026, 10, 5),
            "type": "SF",
            "special": "",
            "references": (),
            "vat_point": None,
            "registered": None,
            "rows": rows or (row(),),
            **changes,
        }
    )


def purchase(*rows: TaxRow, **changes: Any) -> Invoice:
    """A received invoice of October 2026."""
    return sale(*rows, **{"register": RegisterType.PURCHASE, **changes})


def settlement(**changes: Any) -> Settlement:
    """Money received in October 2026 for one invoice."""
    return Settlement(
        **{
            "position": 0,
            "line": 9,
            "kind": SettlementKind.RECEIVED,
            "reference": "MOK 1",
            "date": date(2026, 10, 5),
            "party": party(),
            "invoices": (settled(),),
            **changes,
        }
    )


def settled(number: str = "AA 1", day: date = date(2026, 9, 5)) -> SettledInvoice:
    """A settled invoice of 121 euros."""
    return SettledInvoice(number, day, Decimal("100.00"), Decimal("21.00"))


def master(kind: PartyKind = PartyKind.CUSTOMER, **changes: str) -> MasterParty:
    """A party of the master file."""
    return MasterParty(kind, 0, 3, party(**{"party_id": "17", **changes}))


def context(**changes: Any) -> FileContext:
    """A file of October 2026, sent on 10 November by a taxpayer without cash accounting."""
    return FileContext(
        **{
            "taxpayer_code": OWN_CODE,
            "taxpayer_vat": OWN_VAT,
            "period": OCTOBER,
            "data_type": DataType.FULL,
            "today": TODAY,
            "cash_accounting": (),
            **changes,
        }
    )


def header(**changes: Any) -> Header:
    """The header of that file."""
    return Header(
        **{
            "version": "iSAF1.2",
            "created": "2026-11-10T09:15:00",
            "data_type": DataType.FULL,
            "software_company": "",
            "software_name": "",
            "software_version": "",
            "registration_number": OWN_CODE,
            "number_of_parts": 1,
            "part_number": "1",
            "start": OCTOBER.start,
            "end": OCTOBER.end,
            **changes,
        }
    )


def facts(**changes: Any) -> TaxpayerFacts:
    """A taxpayer who is known and may be acted for."""
    return TaxpayerFacts(
        **{
            "found": True,
            "may_upload": True,
            "code": OWN_CODE,
            "vat_code": OWN_VAT,
            **changes,
        }
    )


ALWAYS = DateRange()
"""Every day."""
