"""Words of preliminary returns: states, what became of rows, checks of the form, refusals."""

from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from isaf.filing import FilingState
from isaf.returns.forms import Box, BoxKind, FormName
from isaf.returns.rules import Confidence, Rule
from isaf.returns.standing import Counted, Deduction, LineSource, Nature, ReturnState
from isaf.types import RegisterType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

FORMS: "Mapping[FormName, _StrPromise]" = {
    FormName.RETURN: _("VAT return"),
    FormName.LIST: _("List of supplies in the EU"),
}

STATES: "Mapping[ReturnState, _StrPromise]" = {
    ReturnState.WAITING: _("Waits for registers"),
    ReturnState.DUE: _("Being computed"),
    ReturnState.READY: _("Computed"),
    ReturnState.FAILED: _("Not computed"),
}

COUNTED: "Mapping[Counted, _StrPromise]" = {
    Counted.COUNTED: _("Counted"),
    Counted.UNMAPPED: _("To be looked at"),
    Counted.EXCLUDED: _("Left out by you"),
    Counted.POSTPONED: _("Postponed"),
    Counted.UNPAID: _("Not paid yet"),
    Counted.LEFT_OUT: _("Not declared"),
    Counted.CANCELLED: pgettext_lazy("of invoices", "Cancelled"),
}

MEANINGS: "Mapping[Counted, _StrPromise]" = {
    Counted.COUNTED: _("These rows are in the boxes."),
    Counted.UNMAPPED: _(
        "No rule tells where these belong: their code is PVM100, missing or unknown, the form has "
        "no box for it, or a list of supplies in the EU needs a VAT code of the buyer. Correct the "
        "register, or put the amounts in as a line."
    ),
    Counted.EXCLUDED: _("You have left these invoices out, with a reason."),
    Counted.POSTPONED: _("You count these invoices in a later period."),
    Counted.UNPAID: _(
        "Under cash accounting VAT is due when the money comes. These invoices are counted by the "
        "settlements of the period in which they are paid."
    ),
    Counted.LEFT_OUT: _("Rows under these codes are not declared."),
    Counted.CANCELLED: _("Cancelled invoices are in no box."),
}

CONFIDENCES: "Mapping[Confidence, _StrPromise]" = {
    Confidence.SOURCED: _("published"),
    Confidence.INFERRED: _("our reading"),
    Confidence.DOUBTFUL: _("doubtful: look at it"),
}

DEDUCTIONS: "Mapping[Deduction, _StrPromise]" = {
    Deduction.USUAL: _("As usual, by the yearly percentage"),
    Deduction.FULL: _("Wholly: it serves taxed supplies alone"),
    Deduction.SHARE: _("A share in per cent"),
    Deduction.NONE: _("Nothing"),
    Deduction.RESERVE: _("Nothing: reserve rule of goods acquired in the EU"),
}

NATURES: "Mapping[Nature, _StrPromise]" = {
    Nature.USUAL: _("As the buyer’s VAT code tells"),
    Nature.SERVICES: _("Services"),
    Nature.GOODS: _("Goods"),
}

ANNEXES: "Mapping[str, _StrPromise]" = {
    "FR0564R": _("Goods moved out for call-off stock"),
    "FR0564T": _("Supplies of call-off stock goods"),
}

COLUMNS: "Mapping[str, _StrPromise]" = {
    "E13": _("Goods (13), €"),
    "E14": _("Triangular trade (14), €"),
    "E18": _("Services (18), €"),
}

SOURCES: "Mapping[LineSource, _StrPromise]" = {
    LineSource.MANUAL: _("by hand"),
    LineSource.ITIS_EU: _("import VAT (ITIS_EU)"),
}

SECTIONS: "Mapping[str, _StrPromise]" = {
    "I": _("I. Supplies, taxable value"),
    "II": _("II. Acquisitions, taxable value"),
    "III": _("III. Input and import VAT"),
    "IV": _("IV. Deductible share"),
    "V": _("V. Output VAT, deduction and result"),
}

CHECKS: "Mapping[str, _StrPromise]" = {
    "C11": _("Box 21 holds goods acquired in the EU, and box 34 no VAT of them."),
    "C12": _("Box 34 is not between 4.5 and 21.5 per cent of box 21."),
    "C13": _("Box 34 holds VAT of goods acquired in the EU, and box 21 no such goods."),
    "C14": _("Box 23 is larger than the VAT in box 32 tells by more than 50 euros."),
    "C15": _("Box 24 is a part of box 23 and is larger than it."),
    "C16": _("Box 28 is a whole number from 0 to 95, or 100."),
    "C17": _("Box 26 holds only import VAT due to the customs account. Is it so?"),
    "C18": _("Boxes 26 and 27 are both filled: the same import VAT belongs to one of them."),
    "C20": _("The VAT in boxes 29 to 31 does not fit the supplies in boxes 11, 14, 15 and 16."),
    "C21": _("Box 35 is far from the VAT of boxes 25 to 27 times the percentage of box 28."),
    "C22": _("The VAT you charged yourself (boxes 32 and 34) seems not to be in box 25."),
    "C23": _("Import VAT seems to be in box 25 as well; it belongs to boxes 26 or 27 alone."),
    "C24": _("Box 28 holds the percentage of deduction, not the rate of VAT."),
    "C25": _("Goods bought for triangular trade are resold: box 20 is larger than box 22."),
    "C26": _("Boxes 12 and 33 look like one deal: the seller fills in 12, the buyer 33."),
    "C27": _("Box 12, 13 or 19 has more than eight digits. Is it right?"),
    "C28": _("Box 17, 18 or 20 has more than nine digits. Is it right?"),
}

FILED: "Mapping[FilingState, tuple[_StrPromise, str]]" = {
    FilingState.QUEUED: (_("On its way to EDS"), "progress"),
    FilingState.REFUSED: (_("EDS refused the file"), "danger"),
    FilingState.UNCONFIRMED: (_("A draft in EDS: confirm it there"), "warning"),
    FilingState.REMOVED: (_("Removed in EDS"), "neutral"),
    FilingState.EXPIRED: (_("Not confirmed in EDS in time"), "danger"),
    FilingState.CONFIRMED: (_("Confirmed in EDS"), "info"),
    FilingState.FILED: (_("Filed"), "info"),
    FilingState.ACCEPTED: (_("Accepted by EDS"), "success"),
    FilingState.ACCEPTED_WITH_ERRORS: (_("Accepted by EDS with shortcomings"), "warning"),
    FilingState.HELD: (_("Held by EDS"), "warning"),
    FilingState.ANNULLED: (_("Annulled in EDS"), "neutral"),
    FilingState.REJECTED: (_("Not accepted by EDS"), "danger"),
}

SIDES: "Mapping[str, _StrPromise]" = {
    "S": pgettext_lazy("of a code", "issued"),
    "P": pgettext_lazy("of a code", "received"),
}

REGISTERS: "Mapping[RegisterType, _StrPromise]" = {
    RegisterType.SALES: _("Register of issued invoices"),
    RegisterType.PURCHASE: _("Register of received invoices"),
}

NOTES: "Mapping[str, _StrPromise]" = {
    "box-19": _("Box 19 is the other reading."),
    "outside": _("It may lie outside the return."),
    "own-made": _(
        "An older guide puts the VAT into boxes 25 and 35 as well: put it in as a line where it is "
        "deductible."
    ),
    "margin": _("The register may hold the price and not the margin; only the margin is declared."),
    "annex": _("It belongs to annex FR0564T as well, whose fields are not published."),
    "box-20": _("Another reading keeps box 20 for supplies with a right of deduction."),
    "box-23": _("For services box 23 is another reading."),
}

JOURNAL = {
    "isaf.return-ordered": _("i.SAF: preliminary return ordered"),
    "isaf.returns-standing": _("i.SAF: preliminary returns of every tax period set"),
    "isaf.return-set-up": _("i.SAF: data of a preliminary return set"),
    "isaf.return-decided": _("i.SAF: an invoice of a preliminary return decided on"),
    "isaf.return-line-added": _("i.SAF: line put into a preliminary return"),
    "isaf.return-line-removed": _("i.SAF: line taken out of a preliminary return"),
    "isaf.return-confirmed": _("i.SAF: preliminary return confirmed"),
    "isaf.return-correction-begun": _("i.SAF: correction of a preliminary return begun"),
    "isaf.return-filed-told": _("i.SAF: told what return was filed"),
    "isaf.return-seen": _("i.SAF: preliminary return seen"),
    "isaf.evidence-taken": _("i.SAF: import VAT taken in for preliminary returns"),
    "isaf.return-exported": _("i.SAF: preliminary return taken away"),
}

REFUSALS = {
    "return-not-found": (
        _("There is no such preliminary return"),
        _("It was never ordered, or you have no right to see it."),
    ),
    "return-periods-missing": (
        _("No tax period is chosen"),
        _("Choose at least one tax period that has ended."),
    ),
    "return-periods-too-many": (
        _("Too many tax periods at once"),
        _("At most %(limit)s are ordered at once."),
    ),
    "return-forms-missing": (
        _("No form is chosen"),
        _("Choose FR0600, FR0564 or both."),
    ),
    "return-period-other": (
        _("This is no tax period of a return"),
        _("%(period)s is not a calendar month, quarter or half-year."),
    ),
    "return-period-not-ended": (
        _("The tax period has not ended"),
        _("A return for %(period)s can be drawn up once the period has ended."),
    ),
    "return-not-computed": (
        _("The return has not been computed yet"),
        _("%(number)s waits until the registers of its whole period are submitted."),
    ),
    "return-confirmed": (
        _("The return is confirmed"),
        _("%(number)s does not change any more. Begin a correction to change anything."),
    ),
    "return-changed": (
        _("The return has changed meanwhile"),
        _("%(number)s was computed anew after you opened it. Look at it again, then confirm."),
    ),
    "return-percent-wrong": (
        _("The form does not take this percentage"),
        _("Box 28 is a whole number from 0 to 95, or 100; it was %(percent)s."),
    ),
    "return-activity-wrong": (
        _("This is no code of an activity"),
        _("A code of EVRK has four or six digits."),
    ),
    "return-by-lines-wrong": (
        _("There is nothing to correct by lines"),
        _("Only a correction of FR0564 can give its changed lines alone."),
    ),
    "return-filed-other": (
        _("This is not the return that was filed"),
        _(
            "%(number)s is compared with FR0600 of the same taxpayer and period, whole euros in "
            "its boxes."
        ),
    ),
    "return-reason-missing": (
        _("The reason is missing"),
        _("Say why the invoice is left out: the reason stays with the return."),
    ),
    "return-decision-wrong": (
        _("This cannot be decided so"),
        _("A share is from 0 to 100 per cent, and a reason at most 500 characters long."),
    ),
    "return-decisions-too-many": (
        _("Too many invoices at once"),
        _("At most %(limit)s are decided on at once."),
    ),
    "return-postpone-sales": (
        _("A supply cannot be postponed"),
        _("Only the deduction of a purchase may be moved to a later period."),
    ),
    "return-postpone-when": (
        _("The later period is missing"),
        _("Choose a period after this one."),
    ),
    "return-line-wrong": (
        _("The line cannot be put in"),
        _("Choose where it belongs, give its amount in euros and say in a note what it is."),
    ),
    "return-lines-full": (
        _("There are too many lines"),
        _("A tax period holds at most %(limit)s lines beside its registers."),
    ),
    "return-line-changed": (
        _("Other sums came under this reference"),
        _("%(reference)s was told before with other sums; a correction is a record of its own."),
    ),
    "evidence-taxpayer-unknown": (
        _("There is no such taxpayer"),
        _("No taxpayer held here has the code %(taxpayer)s."),
    ),
    "evidence-reference-missing": (
        _("The reference is missing"),
        _("Each record names itself, so that it is taken once."),
    ),
    "return-line-not-found": (
        _("There is no such line"),
        _("It was never here, or it was taken out."),
    ),
    "return-line-not-yours": (
        _("The line came from another system"),
        _("What another system told stays; put in a line of your own to set it right."),
    ),
}


def box_name(box: Box) -> str:
    """Return the name of a box in the reader's language."""
    language = (get_language() or "lt")[:2]
    return box.names.get(language, box.names["en"])


def formula(box: Box) -> str:
    """Return in words how a box comes to its number."""
    match box.kind:
        case BoxKind.TAXABLE:
            return gettext("The sum of taxable values under these codes, rounded to whole euros.")
        case BoxKind.VAT:
            return gettext(
                "The sum of VAT under these codes, rounded to whole euros. Where the buyer charges "
                "the VAT himself it is the taxable value times the rate."
            )
        case BoxKind.DEDUCTED:
            return gettext(
                "VAT of boxes 25, 26 and 27 as far as it is deducted: what you decided on the "
                "invoices, times the percentage of box 28, rounded to whole euros."
            )
        case BoxKind.FORMULA:
            return gettext("Computed of the rounded boxes: %(formula)s.") % {
                "formula": box.formula.replace("-", " − ").replace("+", " + ")
            }
        case BoxKind.PERCENT:
            return gettext("The percentage of the calendar year, from the data of the return.")


def note(rule: Rule) -> str:
    """Return what is to be known of a doubtful rule, in the reader's language."""
    return str(NOTES[rule.note]) if rule.note else ""
