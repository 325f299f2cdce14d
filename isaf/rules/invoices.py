"""What one invoice must say, by itself and against its file: number, dates, marks, parties."""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date, timedelta

from imas.kernel.money import ZERO
from imas.kernel.problems import Problem
from isaf.rules import parties, totals
from isaf.rules.faults import CLEAN, Finding, Findings
from isaf.rules.limits import limit_on
from isaf.rules.places import problems_at, record_path
from isaf.types import FileContext, Invoice, RegisterType

_SALES, _PURCHASE = RegisterType.SALES, RegisterType.PURCHASE
_NUMBER, _ISSUED, _ACCOUNTED = "InvoiceNo", "InvoiceDate", "RegistrationAccountDate"
_SUPPLIED, _MARK, _REFERENCES = "VATPointDate", "SpecialTaxation", "References"
_has_digit = re.compile(r"\d").search
_has_nr = re.compile(r"[№Nn](?:(?<=№)|(?<!\w.)[Rr](?:\s*\.|\s+\S))").search

Rule = Callable[[Invoice, FileContext], Findings]
Kind = tuple[Hashable, ...]


def invoice_problems(invoice: Invoice, context: FileContext) -> Iterator[Problem]:
    """Judge one invoice by every rule."""
    for rule in RULES[invoice.register]:
        if found := rule(invoice, context):
            yield from problems_at(found, invoice, record_path(invoice), context)


def kind_of(invoice: Invoice) -> Kind:
    """Return what an invoice has in common with many: dates, marks, tax codes, rates and signs."""
    return (
        invoice.issued,
        invoice.type,
        invoice.special,
        invoice.vat_point,
        invoice.registered,
        not invoice.references,
        *[
            (row.code, row.rate, row.vat_point, row.taxable > ZERO, row.taxable < ZERO)
            for row in invoice.rows
        ],
    )


def is_plain_number(number: str) -> bool:
    """Tell whether no rule of the number finds anything in it."""
    return (number[-1:].isdecimal() or bool(_has_digit(number))) and not _has_nr(number)


def number_holds_a_digit(invoice: Invoice, _: FileContext) -> Findings:
    """An invoice number holds at least one digit (14012, 14035)."""
    if _has_digit(invoice.number):
        return CLEAN
    return (Finding(_either(invoice, "14012", "14035"), _NUMBER, invoice.number),)


def number_is_without_nr(invoice: Invoice, _: FileContext) -> Findings:
    """The word "Nr." is no part of the number (VMI KD-8736: its letters stay and spoil a match)."""
    if not _has_nr(invoice.number):
        return CLEAN
    return (Finding("isaf.number-with-nr", _NUMBER, invoice.number),)


def issued_by_today(invoice: Invoice, context: FileContext) -> Findings:
    """No invoice is issued after the day it is sent in (14013, 14036)."""
    if invoice.issued <= context.today:
        return CLEAN
    code, params = _either(invoice, "14013", "14036"), {"today": f"{context.today}"}
    return (Finding(code, _ISSUED, f"{invoice.issued}", "", params),)


def sale_is_issued_in_the_period(invoice: Invoice, context: FileContext) -> Findings:
    """Issued invoices belong to the period of their issue date (14037; VMI KD-8517)."""
    period, issued = context.period, invoice.issued
    if period.start <= issued <= period.end or issued > context.today:
        return CLEAN
    reason = "before" if issued < period.start else "after"
    if (issued.month, issued.day) != (2, 29) and issued.replace(year=period.end.year) in period:
        reason = "another-year"
    return (Finding("14037", _ISSUED, f"{issued}", reason, _period(context)),)


def purchase_is_issued_by_the_periods_end(invoice: Invoice, context: FileContext) -> Findings:
    """A received invoice is not dated after the period (14407)."""
    if invoice.issued <= context.period.end or invoice.issued > context.today:
        return CLEAN
    return (Finding("14407", _ISSUED, f"{invoice.issued}", "", _period(context)),)


def purchase_is_received_in_the_period(invoice: Invoice, context: FileContext) -> Findings:
    """An earlier invoice was received or entered in the period (14014, 14019; KD-8517).

    RegistrationAccountDate may be nil only when the invoice is dated in the period.
    """
    start, end = context.period.start, context.period.end
    if invoice.issued >= start:
        return CLEAN
    if invoice.registered is None:
        return (Finding("14014", _ISSUED, f"{invoice.issued}", "", _period(context)),)
    if start <= invoice.registered <= end:
        return CLEAN
    return (Finding("14019", _ACCOUNTED, f"{invoice.registered}", "", _period(context)),)


def supply_date_is_likely(invoice: Invoice, context: FileContext) -> Findings:
    """A supply or receipt date is not in the future nor long before the issue (14018, 14044)."""
    if invoice.vat_point is None:
        return CLEAN
    reason = _why_unlikely(invoice.vat_point, invoice.issued, context.today)
    if not reason:
        return CLEAN
    code, params = _either(invoice, "14018", "14044"), {"issued": f"{invoice.issued}"}
    return (Finding(code, _SUPPLIED, f"{invoice.vat_point}", reason, params),)


def rows_supply_dates_are_likely(invoice: Invoice, context: FileContext) -> Findings:
    """The same of a row's own supply date, which only sales have (14052)."""
    found = CLEAN
    for index, row in enumerate(invoice.rows, 1):
        if row.vat_point is None:
            continue
        if reason := _why_unlikely(row.vat_point, invoice.issued, context.today):
            element = totals.element(index, "VATPointDate2")
            params = {"issued": f"{invoice.issued}"}
            found += (Finding("14052", element, f"{row.vat_point}", reason, params),)
    return found


def only_corrections_name_invoices(invoice: Invoice, _: FileContext) -> Findings:
    """References stand only in credit and debit documents: KS, DS, VK, VD (14017, 14040)."""
    if not invoice.references or invoice.type in totals.CORRECTING:
        return CLEAN
    code, params = _either(invoice, "14017", "14040"), {"number": invoice.references[0].number}
    return (Finding(code, _REFERENCES, invoice.type or "SF", "", params),)


def cash_mark_fits_the_registration(invoice: Invoice, context: FileContext) -> Findings:
    """The mark T stands when cash accounting is registered and only then (VAT Law 14(9)).

    Faults 14015, 14016, 14038, 14039. Nothing is said when the registration is not known.
    """
    ranges, marked = context.cash_accounting, invoice.special == "T"
    if ranges is None or not (ranges or marked):
        return CLEAN
    registered = any(days.holds(invoice.issued) for days in ranges)
    if registered == marked or invoice.type == "AN":
        return CLEAN
    code = _either(invoice, "14016", "14038") if marked else _either(invoice, "14015", "14039")
    return (Finding(code, _MARK, invoice.special, "", {"issued": f"{invoice.issued}"}),)


def party_is_sound(invoice: Invoice, context: FileContext) -> Findings:
    """The supplier or buyer keeps every rule of `parties`, in the invoice or in the master file.

    A party of the master file is judged there once; here it only has to be there.
    """
    party = invoice.party
    if party.vat_code or party.name:
        found = parties.judge(party, parties.CODES[invoice.register])
        return _inside(invoice, found) if found else CLEAN
    if parties.resolve(invoice, context) is not party:
        return CLEAN
    code = parties.CODES[invoice.register].vat_empty
    element = "CustomerID" if invoice.register is _SALES else "SupplierID"
    reason = "not-in-master" if party.party_id else ""
    return _inside(invoice, (Finding(code, element, party.party_id, reason),))


def farmers_code_is_in_its_place(invoice: Invoice, context: FileContext) -> Findings:
    """A compensated farmer has no VAT code; his code is the RegistrationNumber (14401, 14402).

    Which codes are farmers' is not published; a purchase with PVM49 says that the seller is one.
    """
    if parties.FARMERS_TAX_CODE not in [row.code for row in invoice.rows]:
        return CLEAN
    return _inside(invoice, parties.farmer(parties.resolve(invoice, context)))


def supplier_is_someone_else(invoice: Invoice, context: FileContext) -> Findings:
    """Nobody receives an invoice from himself (own note: programs write their own data there)."""
    party = parties.resolve(invoice, context)
    if not parties.is_the_taxpayer(party, context):
        return CLEAN
    value = party.vat_code or party.registration_code
    return _inside(invoice, (Finding("isaf.supplier-is-taxpayer", parties.VAT, value),))


def debit_document_names_the_seller(invoice: Invoice, context: FileContext) -> Findings:
    """A debit invoice that the taxpayer issued names the seller who got it (14315)."""
    if invoice.type not in totals.DEBIT:
        return CLEAN
    party = parties.resolve(invoice, context)
    if not parties.is_the_taxpayer(party, context):
        return CLEAN
    return _inside(invoice, (Finding("14315", parties.VAT, party.vat_code),))


_OF_BOTH: tuple[Rule, ...] = (
    number_holds_a_digit,
    number_is_without_nr,
    issued_by_today,
    supply_date_is_likely,
    only_corrections_name_invoices,
    cash_mark_fits_the_registration,
    party_is_sound,
    totals.tax_codes_stand_once,
    totals.totals_follow_the_classifier,
)

RULES: Mapping[RegisterType, tuple[Rule, ...]] = {
    RegisterType.PURCHASE: (
        *_OF_BOTH,
        purchase_is_issued_by_the_periods_end,
        purchase_is_received_in_the_period,
        supplier_is_someone_else,
        farmers_code_is_in_its_place,
        totals.tax_codes_fit_the_supplier,
    ),
    RegisterType.SALES: (
        *_OF_BOTH,
        sale_is_issued_in_the_period,
        rows_supply_dates_are_likely,
        debit_document_names_the_seller,
        totals.sales_have_a_value,
        totals.only_corrections_are_negative,
        totals.supplies_to_the_union_have_a_payer,
    ),
}


OF_THE_KIND: frozenset[Rule] = frozenset(
    {
        issued_by_today,
        supply_date_is_likely,
        only_corrections_name_invoices,
        cash_mark_fits_the_registration,
        totals.tax_codes_stand_once,
        purchase_is_issued_by_the_periods_end,
        purchase_is_received_in_the_period,
        sale_is_issued_in_the_period,
        rows_supply_dates_are_likely,
        totals.sales_have_a_value,
        totals.only_corrections_are_negative,
    }
)
"""Rules that find nothing in either of two invoices of a kind (`kind_of`), or something in both."""

OF_THE_NUMBER: frozenset[Rule] = frozenset({number_holds_a_digit, number_is_without_nr})
"""Rules that look at the number alone (`is_plain_number`)."""


def _either(invoice: Invoice, purchase: str, sale: str) -> str:
    return sale if invoice.register is _SALES else purchase


def _inside(invoice: Invoice, found: Findings) -> Findings:
    part = "CustomerInfo" if invoice.register is _SALES else "SupplierInfo"
    return tuple(each._replace(element=f"{part}/{each.element}") for each in found)


def _period(context: FileContext) -> Mapping[str, str]:
    return {"start": f"{context.period.start}", "end": f"{context.period.end}"}


def _why_unlikely(supplied: date, issued: date, today: date) -> str:
    if supplied > today:
        return "future"
    longest = timedelta(days=int(limit_on("supply-age-days", issued)))
    return "old" if issued - supplied > longest else ""
