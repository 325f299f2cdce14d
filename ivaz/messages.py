"""Words for every code of i.VAZ and every reason, in the reader's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from intake.types import Words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TITLES: "Mapping[str, _StrPromise]" = {
    "ivaz.broken": _("The file cannot be read"),
    "ivaz.structure": _("This is not an i.VAZ file as it should be"),
    "ivaz.schema": _("A record does not match the i.VAZ schema"),
    "ivaz.creator": _("The file is of another taxpayer"),
    "ivaz.nothing-taken": _("Nothing of the file was taken"),
    "ivaz.too-early": _("Too early before the dispatch"),
    "ivaz.after-dispatch": _("The dispatch is over already"),
    "ivaz.dated-ahead": _("The waybill is dated ahead"),
    "ivaz.arrival-before-dispatch": _("The arrival is before the dispatch"),
    "ivaz.address-missing": _("An address is missing"),
    "ivaz.own-goods": _("Consignor and consignee are the same"),
    "ivaz.country": _("This is no code of a country"),
    "ivaz.currency": _("This is no code of a currency"),
    "ivaz.currency-alone": _("A currency without an amount"),
    "ivaz.too-many-lines": _("Too many lines of goods"),
    "ivaz.line-number": _("A line number is wrong"),
    "ivaz.quantity": _("A quantity is not positive"),
    "ivaz.conclusion": _("The carrier cannot conclude so"),
    "ivaz.refused-missing": _("It is not said what is refused"),
    "ivaz.reason-missing": _("The reason is missing"),
    "ivaz.nothing-changed": _("The amendment changes nothing"),
    "ivaz.uid-taken": _("The waybill’s own id is taken"),
    "ivaz.not-listed": _("The consignor has not listed you"),
    "ivaz.no-consent": _("The party has not consented to e-waybills"),
    "ivaz.not-yours": _("This is for another party to do"),
    "ivaz.state": _("The waybill is past that"),
    "ivaz.line-unknown": _("The waybill has no such line"),
    "ivaz.too-late-to-change": _("It is too late to correct"),
    "ivaz.split-sum": _("The parts are not the whole"),
    "ivaz.waybill-unknown": _("There is no such waybill"),
    "ivaz.waybill-ambiguous": _("The id names several waybills"),
}

SENTENCES: "Mapping[tuple[str, str], tuple[_StrPromise, _StrPromise]]" = {
    ("ivaz.broken", "not-well-formed"): (
        _("The XML is broken here (%(detail)s)."),
        _("Make the file anew in the program it comes from."),
    ),
    ("ivaz.broken", "doctype"): (
        _("A document type (DOCTYPE) is not allowed in an i.VAZ file."),
        _("Make the file without it."),
    ),
    ("ivaz.broken", "record-too-large"): (
        _("One record is larger than %(limit)s MB."),
        _("Split the waybill."),
    ),
    ("ivaz.structure", "wrong-root"): (
        _("The file does not begin with the element %(expected)s."),
        _("Choose the file of waybills, or make it anew for i.VAZ 1.3.3."),
    ),
    ("ivaz.structure", "no-header"): (
        _("The header %(element)s is missing."),
        _("Pass this message to the makers of your program."),
    ),
    ("ivaz.structure", "unknown-section"): (
        _("%(element)s is no section of the file. What stands from there on was not read."),
        _("Sections are: %(expected)s."),
    ),
    ("ivaz.structure", "section-order"): (
        _("%(element)s stands after %(expected)s, or twice."),
        _("Put each section once, in the order of the format."),
    ),
    ("ivaz.structure", "unknown-record"): (
        _("%(element)s stands where only %(expected)s may."),
        _("Pass this message to the makers of your program."),
    ),
    ("ivaz.structure", "too-many-records"): (
        _("There are more than %(limit)s records of the kind %(element)s; the rest was not read."),
        _("Send the rest in another file."),
    ),
    ("ivaz.schema", "missing"): (
        _("In %(parent)s these are missing: %(element)s."),
        _("Put them in."),
    ),
    ("ivaz.schema", "out-of-place"): (
        _("%(element)s stands in %(parent)s where %(expected)s is expected."),
        _("Put in what is missing before it, in the order of the format."),
    ),
    ("ivaz.schema", "unexpected"): (
        _("%(element)s does not belong in %(parent)s."),
        _("Take it out."),
    ),
    ("ivaz.schema", "too-long"): (
        _("%(element)s is longer than %(limit)s characters."),
        _("Shorten it."),
    ),
    ("ivaz.schema", "empty"): (_("%(element)s is empty."), _("Fill it in, or leave it out.")),
    ("ivaz.schema", "not-in-list"): (
        _("%(element)s is “%(value)s”."),
        _("It must be one of: %(expected)s."),
    ),
    ("ivaz.schema", "too-many-digits"): (
        _("%(element)s has more than %(limit)s digits."),
        _("Shorten the number."),
    ),
    ("ivaz.schema", "too-many-decimals"): (
        _("%(element)s has more than %(limit)s decimals."),
        _("Round the number."),
    ),
    ("ivaz.schema", "too-small"): (
        _("%(element)s is less than %(limit)s."),
        _("Correct the value."),
    ),
    ("ivaz.schema", "too-large"): (
        _("%(element)s is more than %(limit)s."),
        _("Correct the value."),
    ),
    ("ivaz.schema", "nil-not-allowed"): (_("%(element)s may not be nil."), _("Fill it in.")),
    ("ivaz.schema", "nil-with-content"): (
        _("%(element)s is marked nil and has a value."),
        _("Leave one of them."),
    ),
    ("ivaz.schema", "stray-text"): (
        _("There is text in %(element)s where only elements may stand."),
        _("Take it out."),
    ),
    ("ivaz.schema", "unexpected-attribute"): (
        _("%(element)s has an attribute that does not belong there."),
        _("Take it out."),
    ),
    ("ivaz.schema", "bad-value"): (
        _("%(element)s: “%(value)s” is not a value of its kind."),
        _("Write numbers with a point, days as 2026-02-10, times as 2026-02-10T09:15:00."),
    ),
    ("ivaz.creator", ""): (
        _("The file says it is submitted by %(value)s."),
        _("Act for that taxpayer, or put %(expected)s into the header."),
    ),
    ("ivaz.nothing-taken", ""): (
        _("No record of the file could be taken."),
        _("Correct what is said of each, and send the file again."),
    ),
    ("ivaz.too-early", ""): (
        _("The dispatch %(value)s is more than %(days)s days ahead."),
        _("Submit the waybill nearer to the day."),
    ),
    ("ivaz.after-dispatch", ""): (
        _("The dispatch was planned for %(value)s, and a waybill is submitted before it."),
        _("Correct the time."),
    ),
    ("ivaz.dated-ahead", ""): (
        _("The waybill is dated %(value)s, after today."),
        _("Write the day on which it is issued."),
    ),
    ("ivaz.arrival-before-dispatch", ""): (
        _("The arrival %(value)s is planned before the dispatch."),
        _("Correct one of the two."),
    ),
    ("ivaz.address-missing", ""): (
        _("%(party)s has no address, and its code is not in the taxpayer register."),
        _("Correct the code, or add the address."),
    ),
    ("ivaz.own-goods", ""): (
        _("Consignor and consignee are both %(value)s: such carriage need not be told."),
        _("Nothing needs to be done."),
    ),
    ("ivaz.country", ""): (
        _("“%(value)s” is no code of a country."),
        _("Write two capital letters, for instance LT."),
    ),
    ("ivaz.currency", ""): (
        _("“%(value)s” is no code of a currency."),
        _("Write three capital letters, for instance EUR."),
    ),
    ("ivaz.currency-alone", ""): (
        _("A currency is told of a payment without an amount."),
        _("Add the amount, or leave the currency out."),
    ),
    ("ivaz.too-many-lines", ""): (
        _("The waybill has %(value)s lines of goods; %(limit)s are allowed."),
        _("Make two waybills of it."),
    ),
    ("ivaz.line-number", ""): (
        _("The line number %(value)s is not positive, or stands twice."),
        _("Number the lines from 1."),
    ),
    ("ivaz.quantity", ""): (
        _("The quantity %(value)s is not more than nought."),
        _("Correct a wrong quantity by an amendment, never by a waybill with a minus."),
    ),
    ("ivaz.conclusion", ""): (
        _("A carrier takes goods over, with or without remarks; “%(value)s” is the consignee’s."),
        _("Send the conclusion 1 or 2."),
    ),
    ("ivaz.refused-missing", ""): (
        _("The goods are refused in part, and no line says how much."),
        _("Give the refused quantity of each line."),
    ),
    ("ivaz.reason-missing", ""): (
        _("The reason “other” is not explained."),
        _("Say it in AdditionalInfo."),
    ),
    ("ivaz.nothing-changed", ""): (
        _("The amendment names a waybill and nothing to change in it."),
        _("Add what changes."),
    ),
    ("ivaz.uid-taken", ""): (
        _("A waybill of yours with the id %(value)s and other content is there already."),
        _("Give the new one an id of its own, or amend the one that is there."),
    ),
    ("ivaz.not-listed", ""): (
        _("The consignor lets only those whom he has listed submit waybills in his name."),
        _("Ask the consignor to list %(value)s in the settings of i.VAZ."),
    ),
    ("ivaz.no-consent", "transporter"): (
        _("The carrier %(name)s (%(value)s) has not consented to e-waybills."),
        _("Ask the carrier to consent in i.VAZ, or submit a waybill whose paper goes along."),
    ),
    ("ivaz.no-consent", "consignee"): (
        _("The consignee %(name)s (%(value)s) has not consented to e-waybills."),
        _("Ask the consignee to consent in i.VAZ, or submit a waybill whose paper goes along."),
    ),
    ("ivaz.no-consent", "unregistered"): (
        _(
            "%(name)s (%(value)s) is not in the taxpayer register, and so cannot consent to "
            "e-waybills."
        ),
        _("Submit a waybill whose paper goes along, or correct the code."),
    ),
    ("ivaz.not-yours", ""): (
        _("In the waybill %(rn)s you are not the party who may do this."),
        _("Ask the party whose part it is."),
    ),
    ("ivaz.state", ""): (
        _("The waybill %(rn)s is in the state “%(value)s”, in which this cannot be done."),
        _("Open the waybill to see what was done."),
    ),
    ("ivaz.line-unknown", ""): (
        _("The waybill %(rn)s has no line %(value)s."),
        _("Name lines by their numbers in the waybill."),
    ),
    ("ivaz.too-late-to-change", ""): (
        _("The waybill %(rn)s could be corrected until %(value)s."),
        _("It stays as it is."),
    ),
    ("ivaz.split-sum", ""): (
        _("Of the line %(value)s, %(rest)s is not divided among the parts."),
        _("Divide every line whole."),
    ),
    ("ivaz.waybill-unknown", ""): (
        _("You have no waybill %(value)s."),
        _("Correct the number. A waybill of another party is named by its RN."),
    ),
    ("ivaz.waybill-ambiguous", ""): (
        _("Several waybills you are named in have the id %(value)s."),
        _("Name the waybill by its RN."),
    ),
}


def words(code: str, reason: str = "") -> Words:
    """Return the words of a problem; KeyError for a code that is none of i.VAZ."""
    message, mend = SENTENCES[code, reason]
    return Words(message, TITLES[code], mend)
