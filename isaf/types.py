"""What i.SAF talks about, as plain values: headers, parties, invoices, settlements.

Everything here is as written in the taxpayer's file once it has passed the schema; meaning is
judged by `isaf.rules`. Source: VMI's description of the i.SAF schema, version 1.2.1.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b
from typing import TypeVar, dataclass_transform

from imas.kernel.money import ZERO
from imas.kernel.periods import Period, PeriodKind

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def _plentiful(cls: type[T]) -> type[T]:
    """Make a value of which a file holds hundreds of thousands: nobody may change it.

    The type checker refuses a change; at run time nobody watches, because a dataclass that is
    frozen takes more than three times as long to make.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


NOT_KNOWN = "ND"
"""What the official description asks for where a code or a name is not known."""


class RegisterType(StrEnum):
    """The three registers of a period, by their official names."""

    SALES = "SALES_REGISTRY"
    PURCHASE = "PURCHASE_REGISTRY"
    SETTLEMENT = "SETTLEMENTS_AND_PAYMENTS_REGISTRY"

    @property
    def side(self) -> str:
        """The letter under which rows are stored: S sold, P purchased, M money."""
        return _SIDES[self]


_SIDES = {RegisterType.SALES: "S", RegisterType.PURCHASE: "P", RegisterType.SETTLEMENT: "M"}


class RegisterState(StrEnum):
    """Where a register stands (web-service specification, 3.2)."""

    PREPARING = "PREPARING"
    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


REGISTER_MOVES: Mapping[RegisterState, frozenset[RegisterState]] = {
    RegisterState.PREPARING: frozenset({RegisterState.SUBMITTED}),
    RegisterState.SUBMITTED: frozenset({RegisterState.ACCEPTED, RegisterState.REJECTED}),
    RegisterState.ACCEPTED: frozenset({RegisterState.REJECTED}),
    RegisterState.REJECTED: frozenset(),
}
"""The allowed moves; an accepted register becomes rejected only when an officer annuls it."""


class InvoiceType(StrEnum):
    """The mark of an invoice's kind; an empty mark means SF."""

    SF = "SF"
    DS = "DS"
    KS = "KS"
    VS = "VS"
    VD = "VD"
    VK = "VK"
    AN = "AN"

    @property
    def is_credit(self) -> bool:
        """Does it lessen an earlier invoice?"""
        return self in {InvoiceType.KS, InvoiceType.VK}

    @property
    def is_debit(self) -> bool:
        """Is it issued by the buyer, or does it add to an earlier invoice?"""
        return self in {InvoiceType.DS, InvoiceType.VD}

    @property
    def corrects(self) -> bool:
        """May it name the invoices it corrects?"""
        return self.is_credit or self.is_debit


class DataType(StrEnum):
    """Which registers a file carries: F both, S issued invoices, P received ones."""

    FULL = "F"
    SALES = "S"
    PURCHASES = "P"

    @property
    def covers(self) -> frozenset[RegisterType]:
        """The registers of invoices that such a file says are whole in it."""
        return _COVERED[self]


_COVERED: Mapping[DataType, frozenset[RegisterType]] = {
    DataType.FULL: frozenset({RegisterType.SALES, RegisterType.PURCHASE}),
    DataType.SALES: frozenset({RegisterType.SALES}),
    DataType.PURCHASES: frozenset({RegisterType.PURCHASE}),
}


class ViewPage(StrEnum):
    """A list whose filters may be saved as views."""

    INVOICES = "invoices"
    GROUPS = "groups"
    PAIRS = "pairs"


class EntryKind(StrEnum):
    """What somebody may say of a deal; the marks are the buyer's alone."""

    WORD = "word"
    PROPOSAL = "proposal"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    NOT_MINE = "not_mine"
    UNMARKED = "unmarked"


class PartyKind(StrEnum):
    """Which list of the master file a party stands in."""

    CUSTOMER = "CUSTOMER"
    SUPPLIER = "SUPPLIER"


class SettlementKind(StrEnum):
    """G money received from a buyer, V money paid to a seller."""

    RECEIVED = "G"
    PAID = "V"


@dataclass(frozen=True, slots=True)
class Header:
    """FileDescription. `created` is kept as written: its time zone may be missing."""

    version: str
    created: str
    data_type: DataType
    software_company: str
    software_name: str
    software_version: str
    registration_number: str
    number_of_parts: int | None
    part_number: str
    start: date
    end: date

    @property
    def period(self) -> Period | None:
        """The tax period; None when the start lies after the end, which is fault 12005."""
        return Period(self.start, self.end) if self.start <= self.end else None


@_plentiful
class Party:
    """The other side as written: empty where the element is absent, empty or nil."""

    party_id: str
    vat_code: str
    registration_code: str
    country: str
    name: str

    @property
    def is_blank(self) -> bool:
        """Does it only point to the master file?"""
        return not (self.vat_code or self.registration_code or self.country or self.name)


@_plentiful
class MasterParty:
    """One customer or supplier of the master file."""

    kind: PartyKind
    position: int
    line: int
    party: Party


@_plentiful
class TaxRow:
    """The totals of one tax code: amounts in euros, the rate in per cent, None where nil."""

    taxable: Decimal
    code: str
    rate: Decimal | None
    amount: Decimal | None
    vat_point: date | None = None


@_plentiful
class Reference:
    """An invoice that a credit or debit document corrects."""

    number: str
    date: date


@_plentiful
class Invoice:
    """One VAT invoice of a register. `position` counts from 0 in its register of the file."""

    register: RegisterType
    position: int
    line: int
    number: str
    party: Party
    issued: date
    type: str
    special: str
    references: tuple[Reference, ...]
    vat_point: date | None
    registered: date | None
    rows: tuple[TaxRow, ...]

    @property
    def effective_type(self) -> InvoiceType:
        """The kind of the invoice: an empty mark means SF."""
        return InvoiceType(self.type or "SF")

    @property
    def taxable_total(self) -> Decimal:
        """The sum of the taxable values, in euros."""
        return sum((row.taxable for row in self.rows), ZERO)

    @property
    def vat_total(self) -> Decimal:
        """The sum of the VAT amounts, in euros; a nil amount counts as none."""
        return sum((row.amount for row in self.rows if row.amount is not None), ZERO)


@_plentiful
class SettledInvoice:
    """An invoice that a payment settles: the base and the VAT paid, in euros."""

    number: str
    date: date
    amount: Decimal
    vat: Decimal


@_plentiful
class Settlement:
    """Money received or paid for cash-accounting invoices (VAT Law 14(9))."""

    position: int
    line: int
    kind: SettlementKind
    reference: str
    date: date
    party: Party
    invoices: tuple[SettledInvoice, ...]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `since` to `until`, both included; None leaves that end open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Is the day inside?"""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class PeriodKindRange:
    """Since when and until when a taxpayer has this kind of tax period."""

    kind: PeriodKind
    days: DateRange


@dataclass(frozen=True, slots=True)
class Way:
    """Registers and parts that one way of having a right is limited to; None is every one."""

    registers: frozenset[RegisterType] | None = None
    parts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far somebody's right reaches: as far as any of its ways; without ways everywhere."""

    ways: tuple[Way, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Does it reach everywhere?"""
        return not self.ways

    @property
    def types(self) -> frozenset[RegisterType]:
        """The registers it reaches, wholly or in some parts."""
        return frozenset(type_ for type_ in RegisterType if self.parts_of(type_) != frozenset())

    def parts_of(self, type_: RegisterType) -> frozenset[str] | None:
        """Return the parts of a register it reaches: None is every part, also of no number yet."""
        if self.is_whole:
            return None
        reached = [
            way.parts for way in self.ways if way.registers is None or type_ in way.registers
        ]
        found = frozenset[str]()
        for parts in reached:
            if parts is None:
                return None
            found |= parts
        return found

    def holds(self, type_: RegisterType) -> bool:
        """Does it reach the register with all of its parts?"""
        return self.parts_of(type_) is None

    def registers_of(self, part: str) -> frozenset[RegisterType]:
        """Return the registers in which it reaches the part of this number."""
        return frozenset(
            type_
            for type_ in RegisterType
            if (parts := self.parts_of(type_)) is None or part in parts
        )


EVERYWHERE = Reach()


@dataclass(frozen=True, slots=True)
class TaxpayerFacts:
    """What is held about the taxpayer that a file's header names, and how far its sender may go."""

    found: bool
    may_upload: bool
    code: str
    vat_code: str
    period_kinds: tuple[PeriodKindRange, ...] = ()
    cash_accounting: tuple[DateRange, ...] = ()
    stored_periods: tuple[Period, ...] = ()
    reach: Reach = EVERYWHERE


@dataclass(frozen=True, slots=True)
class FileContext:
    """What an invoice is judged against: the file's header, the taxpayer and the day.

    `cash_accounting` is None when nothing is held about the taxpayer, so that nothing can be said.
    `customers` and `suppliers` look up the parties of the master file by their identifier.
    """

    taxpayer_code: str
    taxpayer_vat: str
    period: Period
    data_type: DataType
    today: date
    cash_accounting: tuple[DateRange, ...] | None = None
    customers: Mapping[str, Party] = field(default_factory=dict)
    suppliers: Mapping[str, Party] = field(default_factory=dict)


_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


def normalise_number(text: str) -> str:
    """An invoice number as it is compared: letters and digits only, in capitals (VMI KD-8736)."""
    if text.isascii():
        return (text if text.isalnum() else _NOT_LETTER_OR_DIGIT.sub("", text)).upper()
    return _NOT_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFC", text)).upper()


def match_key(seller_vat: str, buyer_vat: str, number: str) -> int:
    """The key both sides of a deal reach by themselves: a signed 64-bit number.

    The number must be normalised already; the same key does not prove the same deal, so whoever
    joins on it compares the three values too.
    """
    text = f"{seller_vat}\x1f{buyer_vat}\x1f{number}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
