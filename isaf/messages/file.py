"""Words about the file as a whole: its kind, its header, its period."""

from django.utils.translation import gettext_lazy as _

from isaf.messages.shape import Sentences, Titles, says

TITLES: Titles = {
    "10000": _("Our own fault"),
    "11001": _("Wrong kind of file"),
    "11002": _("File too large"),
    "11003": _("File already sent"),
    "11009": _("Upload failed"),
    "12001": _("Taxpayer not found"),
    "12002": _("No right to act for this taxpayer"),
    "12003": _("Period in the future"),
    "12005": _("Period starts after it ends"),
    "12007": _("Period longer than a month"),
    "12008": _("Period longer than a half-year"),
    "12009": _("Not the taxpayer's period"),
    "12010": _("Month instead of a half-year"),
    "12011": _("Not a whole month"),
    "12012": _("Not a whole half-year"),
    "12013": _("Period overlaps another"),
    "isaf.data-type-mismatch": _("Data type does not fit the contents"),
    "isaf.part-beyond-count": _("Part number beyond the number of parts"),
    "isaf.period-not-over": _("Period not over yet"),
}


SENTENCES: Sentences = {
    **says(
        "10000",
        "",
        _("The file could not be judged because of a fault of ours."),
        _("Nothing is wrong with the file; send it again later."),
    ),
    **says(
        "11001",
        "",
        _("This is neither an XML file nor a gzip or zip archive with one."),
        _(
            "Send the XML file that your accounting program writes; packing it with gzip makes "
            "sending quicker."
        ),
    ),
    **says(
        "11002",
        "",
        _("The file is larger than is accepted."),
        _("Divide the period's data into parts, each with its own part number (PartNumber)."),
    ),
    **says(
        "11003",
        "",
        _("Exactly the same file has been sent before."),
        _(
            "Nothing needs to be done if you meant to send the same data; otherwise make the "
            "file anew."
        ),
    ),
    **says(
        "11009",
        "",
        _("The file did not arrive whole because of a fault of ours."),
        _("Send it again later."),
    ),
    **says(
        "12001",
        "",
        _("No taxpayer with the code %(value)s was found."),
        _("Write in RegistrationNumber the code of the taxpayer whose registers these are."),
    ),
    **says(
        "12001",
        "not-a-code",
        _("%(value)s cannot be a taxpayer's code: its length or its check digit is wrong."),
        _(
            "Write in RegistrationNumber the code of 9 digits (legal entity), 10 digits (given "
            "by the tax authority) or 11 digits (personal code), not the VAT code."
        ),
    ),
    **says(
        "12002",
        "",
        _("You may not send registers for the taxpayer %(value)s."),
        _(
            "Choose the right taxpayer or the right file, or ask the taxpayer for the right to "
            "upload."
        ),
    ),
    **says(
        "12002",
        "register-outside-the-mandate",
        _("Your mandate does not reach every register that a file of data type %(value)s covers."),
        _(
            "Send a file of the register that you may send (DataType S for issued invoices, P for "
            "received ones), or ask the taxpayer for a wider mandate."
        ),
    ),
    **says(
        "12002",
        "records-outside-the-mandate",
        _("The file holds records of a register that your mandate does not reach."),
        _(
            "Leave them out: a file of data type S may hold issued invoices only, of type P "
            "received ones only. Or ask the taxpayer for a wider mandate."
        ),
    ),
    **says(
        "12002",
        "part-outside-the-mandate",
        _("Your mandate does not reach part %(value)s of the register."),
        _(
            "Write in PartNumber the number of a part that you may send, or ask the taxpayer for "
            "a wider mandate."
        ),
    ),
    **says(
        "12003",
        "",
        _("The period starts on %(value)s, which is after today (%(today)s)."),
        _(
            "Correct SelectionStartDate and SelectionEndDate, or send the file when the period "
            "has begun."
        ),
    ),
    **says(
        "12005",
        "",
        _("The period starts on %(value)s but ends on %(end)s."),
        _("Correct SelectionStartDate and SelectionEndDate."),
    ),
    **says(
        "12007",
        "",
        _("The period from %(value)s to %(end)s is not within one month."),
        _("Make a file for each month."),
    ),
    **says(
        "12008",
        "",
        _("The period from %(value)s to %(end)s is not within one half-year."),
        _("Make a file for each half-year (January to June, July to December)."),
    ),
    **says(
        "12009",
        "",
        _("The period %(value)s differs from the taxpayer's tax period."),
        _("Make the file for the period for which the taxpayer declares VAT."),
    ),
    **says(
        "12009",
        "month-expected",
        _("The period is the half-year %(value)s, but this taxpayer's tax period is a month."),
        _("Make a file for each month."),
    ),
    **says(
        "12010",
        "",
        _("The period is the month %(value)s, but this taxpayer's tax period is a half-year."),
        _("Make the file for the whole half-year: from %(first)s to %(last)s."),
    ),
    **says(
        "12011",
        "",
        _("The period from %(value)s to %(end)s is not a whole month."),
        _(
            "Write the first and the last day of the month: %(first)s and %(last)s, not the "
            "dates of the first and the last invoice."
        ),
    ),
    **says(
        "12012",
        "",
        _("The period from %(value)s to %(end)s is not a whole half-year."),
        _(
            "Write the first and the last day of the half-year: %(first)s and %(last)s; if you "
            "declare VAT by the month, those of one month."
        ),
    ),
    **says(
        "12013",
        "",
        _("The period %(value)s overlaps the period %(other)s, for which data are already stored."),
        _("Make the file for the same period as before."),
    ),
    **says(
        "isaf.data-type-mismatch",
        "p-with-sales",
        _("The data type is P (received invoices), but the file holds issued invoices: %(count)s."),
        _("P stands for purchases. For issued invoices write S in DataType; for both, F."),
    ),
    **says(
        "isaf.data-type-mismatch",
        "s-with-purchases",
        _("The data type is S (issued invoices), but the file holds received invoices: %(count)s."),
        _("S stands for sales. For received invoices write P in DataType; for both, F."),
    ),
    **says(
        "isaf.data-type-mismatch",
        "",
        _("The data type %(value)s does not fit what the file holds."),
        _("Write in DataType S for issued invoices, P for received ones, F for both."),
    ),
    **says(
        "isaf.part-beyond-count",
        "",
        _("This is part %(value)s, but the number of parts is %(parts)s."),
        _(
            "Correct NumberOfParts or PartNumber; a part replaces only an earlier part with the "
            "same PartNumber."
        ),
    ),
    **says(
        "isaf.period-not-over",
        "",
        _(
            "The period ends only on %(value)s, so invoices may still be added after today "
            "(%(today)s)."
        ),
        _("Send the same part again when the period is over."),
    ),
}
