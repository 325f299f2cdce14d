"""The total rows of an invoice: one per tax code, judged by the classifier and by the party."""

from imas.kernel.identifiers import EU_VAT_PREFIXES, vat_prefix
from isaf.rules import parties, tax
from isaf.rules.faults import CLEAN, Finding, Findings
from isaf.types import FileContext, Invoice, RegisterType, TaxRow

CORRECTING = frozenset({"KS", "DS", "VK", "VD"})
"""Types of documents that correct earlier invoices."""

DEBIT = frozenset({"DS", "VD"})
"""Types of documents that a buyer may issue to his seller."""

_TO_THE_UNION = "PVM13"


def element(index: int, name: str) -> str:
    """Return the path of a field of the total row with this number, counted from 1."""
    return f"DocumentTotals/DocumentTotal[{index}]/{name}"


def meaning_in(invoice: Invoice, row: TaxRow) -> tax.Meaning:
    """Return what the tax code of a row means in its invoice, on the day of supply."""
    supplied = row.vat_point or invoice.vat_point or invoice.issued
    return tax.meaning_of(row.code, invoice.register, supplied, invoice.type in CORRECTING)


def totals_follow_the_classifier(invoice: Invoice, _: FileContext) -> Findings:
    """Each row keeps the rules of `tax.RULES`: its code, its rate and its amount."""
    codes, found = tax.CODES[invoice.register], CLEAN
    for index, row in enumerate(invoice.rows, 1):
        meaning = meaning_in(invoice, row)
        for rule in tax.RULES:
            if wrong := rule(row, meaning, codes):
                found += _in_row(index, wrong)
    return found


def tax_codes_stand_once(invoice: Invoice, _: FileContext) -> Findings:
    """An invoice has one row for a tax code (14020, 14045).

    Rows of a sale with supply dates of their own, and rows without a code at different rates,
    are different rows.
    """
    if len(invoice.rows) == 1:
        return CLEAN
    seen, found = set(), CLEAN
    code = "14045" if invoice.register is RegisterType.SALES else "14020"
    for index, row in enumerate(invoice.rows, 1):
        key = (row.code or row.rate, row.vat_point)
        if key in seen:
            found += (Finding(code, element(index, tax.CODE), row.code, "" if row.code else "nil"),)
        seen.add(key)
    return found


def sales_have_a_value(invoice: Invoice, _: FileContext) -> Findings:
    """A row of a sale has a taxable value (14047); a cancelled invoice need not."""
    if all(row.taxable for row in invoice.rows) or invoice.type == "AN":
        return CLEAN
    return tuple(
        Finding("14047", element(index, tax.TAXABLE), f"{row.taxable}", "", {"code": row.code})
        for index, row in enumerate(invoice.rows, 1)
        if not row.taxable
    )


def only_corrections_are_negative(invoice: Invoice, _: FileContext) -> Findings:
    """A negative value stands only in credit and debit documents (14048)."""
    if invoice.type in CORRECTING or all(row.taxable >= 0 for row in invoice.rows):
        return CLEAN
    reason = "total" if invoice.taxable_total < 0 else ""
    return tuple(
        Finding("14048", element(index, tax.TAXABLE), f"{row.taxable}", reason)
        for index, row in enumerate(invoice.rows, 1)
        if row.taxable < 0
    )


def supplies_to_the_union_have_a_payer(invoice: Invoice, context: FileContext) -> Findings:
    """PVM13 is a supply to a VAT payer of another member state (14400; VAT Law 49)."""
    if _TO_THE_UNION not in [row.code for row in invoice.rows]:
        return CLEAN
    vat = parties.resolve(invoice, context).vat_code
    prefix = vat_prefix(vat)
    if prefix in EU_VAT_PREFIXES and prefix != "LT":
        return CLEAN
    reason = "lithuanian" if prefix == "LT" else ""
    return tuple(
        Finding("14400", element(index, tax.CODE), vat, reason)
        for index, row in enumerate(invoice.rows, 1)
        if row.code == _TO_THE_UNION
    )


def tax_codes_fit_the_supplier(invoice: Invoice, context: FileContext) -> Findings:
    """Purchases abroad have a tax code, and it suits the supplier (14300, 14311, 14312).

    A domestic purchase with reverse charge needs a code too, but without it nothing shows that.
    """
    party, found = parties.resolve(invoice, context), CLEAN
    home = parties.home_of(party.vat_code, party.country)
    if home is parties.Home.UNKNOWN:
        return CLEAN
    for index, row in enumerate(invoice.rows, 1):
        if fault := _unfit(row, invoice, home):
            params = {"supplier": party.vat_code or party.country}
            found += (Finding(fault, element(index, tax.CODE), row.code, "", params),)
    return found


def _unfit(row: TaxRow, invoice: Invoice, home: parties.Home) -> str:
    if not row.code:
        return "" if home is parties.Home.LITHUANIA else "14300"
    meaning = meaning_in(invoice, row)
    if home is parties.Home.LITHUANIA:
        return "" if meaning.fits_lithuanian else "14311"
    return "" if home is parties.Home.EU or meaning.fits_overseas else "14312"


def _in_row(index: int, found: Findings) -> Findings:
    return tuple(each._replace(element=element(index, each.element)) for each in found)
