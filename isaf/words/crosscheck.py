"""Words of the cross-check: reasons, habits, refusals; states and fields as they are dated."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from isaf.crosscheck_terms import distances, kind_on, reaches
from isaf.likeness import Likeness
from isaf.matching import Field, Hint, Obstacle, SeenState
from isaf.types import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

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


def state_word(state: SeenState, day: date, *, of_einvoice: bool = False) -> str:
    """Return what a state is called in the reader's language, as it was called on a day."""
    return _in_language(kind_on(state, day, of_einvoice=of_einvoice).word)


def state_meaning(state: SeenState, day: date, *, of_einvoice: bool = False) -> str:
    """Return in one sentence what a state means and what to do about it, as said on a day."""
    return _in_language(kind_on(state, day, of_einvoice=of_einvoice).meaning)


def field_word(field: Field, day: date) -> str:
    """Return what a field is called in the reader's language, as it was called on a day."""
    return _in_language(kind_on(str(field.name).lower(), day).word)


def kind_word(kind: str, day: date, *, of_einvoice: bool = False) -> str:
    """Return the words of a kind of mismatch: a field or a state."""
    of_state = of_einvoice and kind in set(SeenState)
    return _in_language(kind_on(kind, day, of_einvoice=of_state).word)


def _in_language(words: "Mapping[str, str]") -> str:
    return words["en" if (get_language() or "").startswith("en") else "lt"]


REGISTER_OF_COUNTERPARTY = _("i.SAF register of the counterparty")


def einvoice_of(system: str) -> str:
    """Say which system an e-invoice comes from."""
    return gettext("E-invoice in %(system)s") % {"system": system}


def side_word(side: str) -> "_StrPromise":
    """Say which of our registers a pair is of."""
    return _("Issued invoices") if side == "S" else _("Received invoices")


_SOUGHT_ELSEWHERE = {
    SeenState.MISSING_AT_COUNTERPARTY,
    SeenState.MISSING_AT_US,
    SeenState.OTHER_PERIOD,
}


def searched(state: SeenState, day: date) -> str:
    """Say how far other periods of a day's were searched; empty where nothing was sought."""
    if state not in _SOUGHT_ELSEWHERE:
        return ""
    months, days = reaches().on(day), distances().on(day)
    return ngettext(
        "Registers %(months)s month before and after were searched too; entries more than %(days)s "
        "days apart are never taken for one invoice.",
        "Registers up to %(months)s months before and after were searched too; entries more than "
        "%(days)s days apart are never taken for one invoice.",
        months,
    ) % {"months": months, "days": days}
