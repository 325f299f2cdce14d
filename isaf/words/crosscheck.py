"""Words of the cross-check: states, kinds of mismatches, reasons and usual habits."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from isaf.likeness import Likeness
from isaf.matching import Field, Hint, Obstacle, SeenState
from isaf.types import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

STATES: "Mapping[SeenState, _StrPromise]" = {
    SeenState.MATCHED: pgettext_lazy("cross-check", "Matches"),
    SeenState.DIFFERS: _("Data differ"),
    SeenState.MISSING_AT_COUNTERPARTY: _("Missing at the counterparty"),
    SeenState.MISSING_AT_US: _("Missing from your register"),
    SeenState.POSSIBLE_MATCH: _("Possible match"),
    SeenState.OTHER_PERIOD: _("In another period"),
    SeenState.WAITING: _("Waiting for the counterparty"),
    SeenState.NOT_CHECKABLE: _("Not checkable"),
}

TONES: "Mapping[SeenState, str]" = {
    SeenState.MATCHED: "success",
    SeenState.DIFFERS: "warning",
    SeenState.MISSING_AT_COUNTERPARTY: "danger",
    SeenState.MISSING_AT_US: "danger",
    SeenState.POSSIBLE_MATCH: "info",
    SeenState.OTHER_PERIOD: "info",
    SeenState.WAITING: "neutral",
    SeenState.NOT_CHECKABLE: "neutral",
}

EXPLANATIONS: "Mapping[SeenState, _StrPromise]" = {
    SeenState.MATCHED: _("Both registers say the same."),
    SeenState.DIFFERS: _("Both registers hold this invoice, but the marked data differ."),
    SeenState.MISSING_AT_COUNTERPARTY: _(
        "The counterparty has submitted its register of this period, and this invoice is not in "
        "it. Ask the counterparty to add it, or check whether the invoice number and the VAT code "
        "are written as on the invoice."
    ),
    SeenState.MISSING_AT_US: _(
        "The counterparty lists this invoice, and your submitted register does not. Add it if it "
        "is yours; if it is not, tell the counterparty."
    ),
    SeenState.POSSIBLE_MATCH: _(
        "The parties, the date and the amount are the same, and the numbers are alike. It is "
        "probably one invoice with a mistyped number."
    ),
    SeenState.OTHER_PERIOD: _(
        "The counterparty lists this invoice in its register of another tax period. That is in "
        "order when the buyer received the invoice later."
    ),
    SeenState.WAITING: _(
        "The counterparty has not submitted its register of this period yet. The invoice will be "
        "compared as soon as it does."
    ),
    SeenState.NOT_CHECKABLE: _("There is no register this invoice could be compared with."),
}

FIELDS: "Mapping[Field, _StrPromise]" = {
    Field.ISSUED: _("Issue date"),
    Field.TAXABLE: _("Taxable value"),
    Field.VAT: _("VAT"),
    Field.TOTAL: _("Total"),
    Field.TYPE: _("Document type"),
    Field.CODE: _("VAT classifier code"),
}

HINTS: "Mapping[Hint, _StrPromise]" = {
    Hint.RECEIPT_DATE: _(
        "The buyer’s date is later: buyers often enter the day they received the invoice. The "
        "issue date written on the invoice belongs here."
    ),
    Hint.OPPOSITE_SIGN: _(
        "The amounts are the same with opposite signs: credit invoices are entered with a minus "
        "by both sides."
    ),
    Hint.ROUNDING: _("The amounts differ by a few cents only: usually by rounding."),
    Hint.REVERSE_CHARGE: _(
        "Only one side marks reverse charge (VAT Law, Article 96). Both must, or neither."
    ),
    Hint.CANCELLED: _("One side has cancelled the invoice, the other still counts it."),
}

REASONS: "Mapping[str, _StrPromise]" = {
    Obstacle.NO_VAT_CODE: _("The counterparty is named without a Lithuanian VAT code."),
    Obstacle.FOREIGN: _("The counterparty is not a Lithuanian VAT payer."),
    Obstacle.NOT_A_PAYER: _(
        "This VAT code was not in the register of VAT payers in the tax period: check how it is "
        "written."
    ),
    Obstacle.CANCELLED: _(
        "The document is cancelled and only one side lists it, as it may: there is nothing to "
        "compare."
    ),
    Likeness.LOOK_ALIKE: _("The numbers differ by a letter in place of a digit that looks alike."),
    Likeness.ONE_CHARACTER: _("The numbers differ by one character."),
    Likeness.SAME_SERIES: _(
        "The numbers differ by one digit of the running number. It is a mistyped digit, or two "
        "invoices of which each side lacks one."
    ),
    Likeness.DROPPED_CHARACTER: _("One number has a character more than the other."),
    Likeness.SWAPPED_CHARACTERS: _("Two neighbouring characters of the number are swapped."),
    Likeness.LEADING_ZEROS: _("The numbers differ by zeros before the digits only."),
    Likeness.NO_SERIES: _("One side has left the series out of the number."),
}

REFUSALS = {
    "crosscheck-not-found": (
        _("There is no such report"),
        _("It was never ordered, or it belongs to another taxpayer."),
    ),
    "crosscheck-periods-missing": (
        _("No tax period is chosen"),
        _("Choose at least one tax period to be cross-checked."),
    ),
    "crosscheck-periods-too-many": (
        _("Too many tax periods are chosen"),
        _("At most %(limit)s periods fit in one report. Order several reports."),
    ),
    "crosscheck-periods-overlap": (
        _("The chosen tax periods overlap"),
        _("The periods %(one)s and %(other)s share days. Choose one of them."),
    ),
    "crosscheck-period-not-begun": (
        _("The tax period has not begun"),
        _("The period %(period)s lies in the future: there is nothing to cross-check yet."),
    ),
    "bad-pair-state": (
        _("There is no such state"),
        _("%(state)s is not a state of the cross-check; the API documentation lists them."),
    ),
    "standing-order-not-found": (
        _("There is no such standing order"),
        _("It was never made, or somebody else made it."),
    ),
    "deal-not-found": (
        _("There is no such invoice in the cross-check"),
        _("It was withdrawn from the registers, or you have no right to see it."),
    ),
    "deal-not-shared": (
        _("The counterparty does not see this invoice"),
        _("It can be talked about once both sides have submitted their registers."),
    ),
    "deal-not-bought": (
        _("Only the buyer marks an invoice"),
        _("The marks are accepted, disputed and not mine; say the rest in words."),
    ),
    "deal-words-missing": (
        _("There are no words"),
        _("Write what the counterparty should know."),
    ),
    "deal-reason-missing": (
        _("The reason is missing"),
        _("Say why the invoice is disputed or not yours."),
    ),
    "deal-nothing-to-propose": (
        _("There is nothing to propose"),
        _("The two registers do not differ, or yours says nothing of this invoice."),
    ),
    "deal-too-much": (
        _("Enough has been said today"),
        _("Of one invoice %(limit)s things may be said in a day. Go on tomorrow."),
    ),
    "crosscheck-not-ready": (
        _("The report is not ready"),
        _("It is still being drawn up. Try again in a few moments."),
    ),
}

# By our side, and whether we tell the invoice ourselves.
OTHER_BUYER = {
    ("S", True): _(
        "Another buyer lists an invoice of yours with this number, date and amount: the code of "
        "the buyer may be wrong in your register."
    ),
    ("S", False): _(
        "Your register has an invoice with this number, date and amount under another buyer: the "
        "code of the buyer may be wrong in it."
    ),
    ("P", True): _(
        "The seller lists an invoice with this number, date and amount under another buyer: the "
        "code of the buyer may be wrong in the seller’s register."
    ),
    ("P", False): _(
        "Another buyer lists an invoice of this seller with this number, date and amount: it may "
        "not be yours."
    ),
}
COUNTED_IN_BY_THEM = _(
    "The counterparty tells invoice %(number)s, which this document corrects, with the correction "
    "in it already."
)
COUNTED_IN_BY_US = _(
    "You tell invoice %(number)s, which this document corrects, with the correction in it already."
)
PIECES_OF_THEIRS = _(
    "The invoices %(numbers)s of the counterparty make the same amount together: this one may be "
    "entered there in parts."
)
PIECES_OF_OURS = _(
    "Your invoices %(numbers)s make the same amount together: this one may be entered in your "
    "register in parts."
)
PIECE_OF_THEIRS = _(
    "Together with your %(numbers)s it makes the amount of the counterparty’s invoice %(number)s: "
    "they may be entered there as one."
)
PIECE_OF_OURS = _(
    "Together with the counterparty’s %(numbers)s it makes the amount of your invoice %(number)s: "
    "they may be entered in your register as one."
)

MARKS = {
    EntryKind.ACCEPTED: _("Accepted"),
    EntryKind.DISPUTED: _("Disputed"),
    EntryKind.NOT_MINE: _("Not mine"),
    EntryKind.UNMARKED: _("No mark"),
}

MARK_TONES = {
    EntryKind.ACCEPTED: "success",
    EntryKind.DISPUTED: "warning",
    EntryKind.NOT_MINE: "danger",
    EntryKind.UNMARKED: "neutral",
}

REPORT_STATES = {
    "ordered": _("Ordered"),
    "running": _("Being drawn up"),
    "ready": _("Ready"),
    "failed": _("Failed"),
}

_KINDS: "dict[str, _StrPromise]" = {str(field.name).lower(): word for field, word in FIELDS.items()}


def kind_word(kind: str) -> "_StrPromise":
    """Return the words of a kind of mismatch: a field or a state."""
    return _KINDS[kind] if kind in _KINDS else STATES[SeenState(kind)]


def side_word(side: str) -> "_StrPromise":
    """Say which of our registers a pair is of."""
    return _("Issued invoices") if side == "S" else _("Received invoices")


_SOUGHT_ELSEWHERE = {
    SeenState.MISSING_AT_COUNTERPARTY,
    SeenState.MISSING_AT_US,
    SeenState.OTHER_PERIOD,
}


def searched(state: SeenState) -> str:
    """Say how far other periods were searched; empty for a state where nothing was sought."""
    if state not in _SOUGHT_ELSEWHERE:
        return ""
    months, days = settings.ISAF_OTHER_PERIOD_MONTHS, settings.ISAF_OTHER_PERIOD_DAYS
    return ngettext(
        "Registers %(months)s month before and after were searched too; entries more than %(days)s "
        "days apart are never taken for one invoice.",
        "Registers up to %(months)s months before and after were searched too; entries more than "
        "%(days)s days apart are never taken for one invoice.",
        months,
    ) % {"months": months, "days": days}
