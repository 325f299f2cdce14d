"""Where a finding stands in the file: the element path of its record and its number."""

from collections.abc import Iterator

from imas.kernel.problems import Place, Problem
from isaf.rules.faults import Findings, problem
from isaf.types import FileContext, Invoice, MasterParty, PartyKind, RegisterType, Settlement

_INVOICES = {
    RegisterType.SALES: "SourceDocuments/SalesInvoices/Invoice",
    RegisterType.PURCHASE: "SourceDocuments/PurchaseInvoices/Invoice",
}
_SETTLEMENTS = "SourceDocuments/SettlementsAndPayments/SettlementAndPayment"
_MASTERS = {
    PartyKind.CUSTOMER: "MasterFiles/Customers/Customer",
    PartyKind.SUPPLIER: "MasterFiles/Suppliers/Supplier",
}
_REGISTERS = {
    PartyKind.CUSTOMER: RegisterType.SALES,
    PartyKind.SUPPLIER: RegisterType.PURCHASE,
}

Record = Invoice | Settlement | MasterParty


def record_path(record: Record) -> str:
    """Return the element path of a record; positions count from 1, as XPath does."""
    if isinstance(record, Invoice):
        return f"{_INVOICES[record.register]}[{record.position + 1}]"
    if isinstance(record, Settlement):
        return f"{_SETTLEMENTS}[{record.position + 1}]"
    return f"{_MASTERS[record.kind]}[{record.position + 1}]"


def problems_at(
    found: Findings, record: Record, path: str, context: FileContext
) -> Iterator[Problem]:
    """Turn findings about a record into problems with their place and today's severity."""
    register = _register(record)
    number = record.number if isinstance(record, Invoice) else ""
    for code, element, value, reason, params in found:
        place = Place(record.line, None, f"{path}/{element}", register, number)
        yield problem(code, place, context.today, value=value, reason=reason, **params)


def _register(record: Record) -> RegisterType:
    if isinstance(record, Invoice):
        return record.register
    return RegisterType.SETTLEMENT if isinstance(record, Settlement) else _REGISTERS[record.kind]
