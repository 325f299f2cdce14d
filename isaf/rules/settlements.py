"""Settlements of cash-accounting invoices, and the parties of the master file."""

from collections.abc import Callable, Iterator

from imas.kernel.problems import Problem
from isaf.rules import parties
from isaf.rules.faults import CLEAN, Finding, Findings
from isaf.rules.places import problems_at, record_path
from isaf.types import FileContext, MasterParty, PartyKind, Settlement, normalise_number

_OF_KIND = {PartyKind.CUSTOMER: parties.CUSTOMER, PartyKind.SUPPLIER: parties.SUPPLIER}

Rule = Callable[[Settlement, FileContext], Findings]


def settlement_problems(settlement: Settlement, context: FileContext) -> Iterator[Problem]:
    """Judge one settlement or payment."""
    for rule in RULES:
        if found := rule(settlement, context):
            yield from problems_at(found, settlement, record_path(settlement), context)


def master_problems(master: MasterParty, context: FileContext) -> Iterator[Problem]:
    """Judge one customer or supplier of the master file by the rules of `parties`."""
    if found := parties.judge(master.party, _OF_KIND[master.kind]):
        yield from problems_at(found, master, record_path(master), context)


def money_moved_in_the_period(settlement: Settlement, context: FileContext) -> Findings:
    """The money was received or paid in the period (14055)."""
    period = context.period
    if period.start <= settlement.date <= period.end:
        return CLEAN
    params = {"start": f"{period.start}", "end": f"{period.end}"}
    return (Finding("14055", "SettlementDate", f"{settlement.date}", "", params),)


def payer_is_sound(settlement: Settlement, context: FileContext) -> Findings:
    """The other side keeps every rule of `parties` (14056 to 14062), or is in the master file."""
    party = settlement.party
    if party.vat_code or party.name:
        found = parties.judge(party, parties.PAYER)
    elif party.party_id and (
        party.party_id in context.customers or party.party_id in context.suppliers
    ):
        found = CLEAN
    else:
        reason = "not-in-master" if party.party_id else ""
        found = (Finding("14056", "SupplierCustomerID", party.party_id, reason),)
    return tuple(each._replace(element=f"Payment/{each.element}") for each in found)


def invoices_stand_once(settlement: Settlement, _: FileContext) -> Findings:
    """A settlement names an invoice once (14071); numbers are compared as in the cross-check."""
    seen, found = set(), CLEAN
    for index, invoice in enumerate(settlement.invoices, 1):
        key = (normalise_number(invoice.number), invoice.date)
        if key in seen:
            element = f"ReferencesToInvoice/ReferenceToInvoice[{index}]/InvoiceNo"
            found += (Finding("14071", element, invoice.number, "", {"date": f"{invoice.date}"}),)
        seen.add(key)
    return found


RULES: tuple[Rule, ...] = (money_moved_in_the_period, payer_is_sound, invoices_stand_once)
