"""Words about an invoice's number, dates, marks and references."""

from django.utils.translation import gettext_lazy as _

from isaf.messages.shape import Sentences, Titles, says

TITLES: Titles = {
    "14012": _("Received invoice's number has no digit"),
    "14035": _("Issued invoice's number has no digit"),
    "isaf.number-with-nr": _("Word Nr. in the invoice number"),
    "14013": _("Received invoice dated after today"),
    "14036": _("Issued invoice dated after today"),
    "14014": _("Received invoice dated outside the period"),
    "14019": _("Date of receipt outside the period"),
    "14407": _("Received invoice dated after the period"),
    "14037": _("Issued invoice dated outside the period"),
    "14018": _("Date of receipt of goods unlikely"),
    "14044": _("Date of supply unlikely"),
    "14052": _("Row's date of supply unlikely"),
    "14017": _("References in a received invoice that corrects nothing"),
    "14040": _("References in an issued invoice that corrects nothing"),
    "14041": _("Corrected issued invoice not found"),
    "14043": _("Corrected received invoice not found"),
    "14067": _("Issued invoice may be there twice"),
    "14068": _("Received invoice may be there twice"),
    "14015": _("Mark T missing (received)"),
    "14039": _("Mark T missing (issued)"),
    "14016": _("Mark T without registration (received)"),
    "14038": _("Mark T without registration (issued)"),
}

_DATE_OR_NIL = _("Correct the date, or mark it nil if it is the same as the date of issue.")
_REMOVE_ONE = _("Remove one of them if it is the same invoice.")
_SUPPLY_DATE = "14018 14044 14052"

SENTENCES: Sentences = {
    **says(
        "14012 14035",
        "",
        _("The invoice number %(value)s has no digit."),
        _("Write the series and the number as on the invoice."),
    ),
    **says(
        "isaf.number-with-nr",
        "",
        _("The number %(value)s holds the word Nr., whose letters stay when numbers are compared."),
        _(
            "Leave the word out: only the series and the number, otherwise the other side's "
            "invoice will not be found."
        ),
    ),
    **says(
        "14013 14036",
        "",
        _("The invoice is dated %(value)s, which is after today (%(today)s)."),
        _("Write the date of issue from the invoice."),
    ),
    **says(
        "14014",
        "",
        _(
            "The invoice is dated %(value)s, before the period (%(start)s to %(end)s), and no "
            "date of receipt is given."
        ),
        _(
            "Write in RegistrationAccountDate the day on which it was received or entered in the "
            "accounts."
        ),
    ),
    **says(
        "14019",
        "",
        _(
            "The invoice was received on %(value)s, which is not in the period (%(start)s to "
            "%(end)s)."
        ),
        _(
            "Correct RegistrationAccountDate, or move the invoice to the register of its own "
            "period."
        ),
    ),
    **says(
        "14407",
        "",
        _("The invoice is dated %(value)s, after the end of the period (%(end)s)."),
        _(
            "InvoiceDate is the day of issue. Correct it, or move the invoice to the register of "
            "the next period."
        ),
    ),
    **says(
        "14037",
        "before",
        _("The invoice was issued on %(value)s, before the period (%(start)s to %(end)s)."),
        _("Put it in the register of the period in which it was issued."),
    ),
    **says(
        "14037",
        "after",
        _("The invoice was issued on %(value)s, after the period (%(start)s to %(end)s)."),
        _("Put it in the register of the period in which it was issued."),
    ),
    **says(
        "14037",
        "another-year",
        _(
            "The invoice is dated %(value)s: the day fits the period (%(start)s to %(end)s), the "
            "year does not."
        ),
        _("Check the year."),
    ),
    **says(
        "14037",
        "",
        _("The invoice is dated %(value)s, outside the period."),
        _("Put it in the register of the period in which it was issued."),
    ),
    **says(
        _SUPPLY_DATE,
        "",
        _("The date %(value)s is unlikely."),
        _DATE_OR_NIL,
    ),
    **says(
        _SUPPLY_DATE,
        "future",
        _("The date %(value)s is still to come."),
        _DATE_OR_NIL,
    ),
    **says(
        _SUPPLY_DATE,
        "old",
        _("The date %(value)s is more than a year before the date of issue (%(issued)s)."),
        _DATE_OR_NIL,
    ),
    **says(
        "14017 14040",
        "",
        _(
            "The invoice refers to the invoice %(number)s, but its type is %(value)s, which "
            "corrects nothing."
        ),
        _(
            "Write the type KS, DS, VK or VD if this is a credit or debit invoice; otherwise "
            "leave References empty."
        ),
    ),
    **says(
        "14041 14043",
        "",
        _("No invoice %(number)s of %(issued)s was found, which this one corrects."),
        _(
            "Check the number and the date of the corrected invoice; if it is older than your "
            "registers, leave it so."
        ),
    ),
    **says(
        "14067",
        "",
        _("There is another issued invoice %(number)s of %(issued)s."),
        _REMOVE_ONE,
    ),
    **says(
        "14067",
        "in-another-part",
        _(
            "There is another issued invoice %(number)s of %(issued)s in another part of the "
            "period."
        ),
        _REMOVE_ONE,
    ),
    **says(
        "14068",
        "",
        _("There is another received invoice %(number)s of %(issued)s from the same supplier."),
        _REMOVE_ONE,
    ),
    **says(
        "14068",
        "in-another-part",
        _(
            "There is another received invoice %(number)s of %(issued)s from the same supplier "
            "in another part of the period."
        ),
        _REMOVE_ONE,
    ),
    **says(
        "14015 14039",
        "",
        _(
            "On %(issued)s the taxpayer was registered for cash accounting, but the invoice is "
            "not marked T."
        ),
        _("Write T in SpecialTaxation if cash accounting applies to this invoice."),
    ),
    **says(
        "14016 14038",
        "",
        _(
            "The invoice is marked T, but on %(issued)s the taxpayer was not registered for cash "
            "accounting."
        ),
        _("Leave SpecialTaxation empty."),
    ),
}
