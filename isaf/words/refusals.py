"""Words for the refusals of this subsystem: what happened and what to do."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "register-not-found": (
        _("There is no such register"),
        _("It was never here, it was removed, or you have no right to see it."),
    ),
    "register-not-preparing": (
        _("The register has already been submitted"),
        _("Register %(number)s is no longer being prepared. To correct it, send a new file."),
    ),
    "register-has-errors": (
        _("The register has errors"),
        _("Errors in register %(number)s: %(errors)s. Correct them and send the file again."),
    ),
    "register-move-not-allowed": (
        _("The register cannot be changed so"),
        _("Open it again: its state has changed meanwhile."),
    ),
    "file-not-found": (
        _("There is no such file"),
        _("It was never here, or you have no right to see it."),
    ),
    "invoice-not-found": (
        _("There is no such invoice in this register"),
        _("The part it stood in may have been replaced by a newer file."),
    ),
    "classifier-not-found": (
        _("There is no such classifier"),
        _("There are: %(known)s."),
    ),
    "11009": (
        _("The upload failed"),
        _("The fault is ours and nothing was kept; send the file again later."),
    ),
    "einvoice-not-ubl": (
        _("This is no e-invoice"),
        _("An e-invoice is an Invoice or a CreditNote of UBL 2.1 (EN 16931)."),
    ),
    "einvoice-incomplete": (
        _("The e-invoice cannot be compared"),
        _("Its %(element)s is missing or cannot be read."),
    ),
    "einvoice-too-large": (
        _("The e-invoice is too large"),
        _("At most %(limit)s bytes are taken; hand it in without attachments."),
    ),
    "einvoice-seller-unknown": (
        _("The seller of the e-invoice is not known"),
        _("Neither its VAT code on the day of issue nor its code is that of a taxpayer held here."),
    ),
    "einvoice-changed": (
        _("Another e-invoice came under this UUID"),
        _("An e-invoice never changes; a correction is a document of its own."),
    ),
    "file-taxpayer-missing": (
        _("The file does not say for whom it is"),
        _("Its header names no RegistrationNumber."),
    ),
    "view-incomplete": (
        _("A view needs a name and a filter"),
        _("The name has up to %(limit)s characters, and at least one filter is in use."),
    ),
    "views-full": (
        _("There are as many saved views as there may be"),
        _("You keep up to %(limit)s views of a page. Remove one you no longer use."),
    ),
    "view-not-found": (
        _("There is no such saved view"),
        _("It may have been removed already."),
    ),
    "period-not-over": (
        _("The tax period is not over yet"),
        _("Whether period %(period)s has invoices is known once it has ended."),
    ),
    "period-not-empty": (
        _("Something has been sent for this period"),
        _(
            "Registers of period %(period)s exist already. Open them, or send a file that corrects "
            "them."
        ),
    ),
    "period-not-open": (
        _("Nothing can be entered for this period"),
        _(
            "%(period)s is not a tax period of the taxpayer that has begun, or crosses one that "
            "has registers."
        ),
    ),
    "period-submitted": (
        _("The registers of this period are submitted"),
        _("There is nothing to postpone for period %(period)s."),
    ),
    "postponement-exists": (
        _("Postponement was asked for already"),
        _("The request of period %(period)s waits or has been granted. Take it back to ask anew."),
    ),
    "postponement-day": (
        _("The deadline cannot be postponed to this day"),
        _("Choose a day after the deadline and today, not later than %(latest)s."),
    ),
    "postponement-decided": (
        _("The request has been decided on or taken back"),
        _("Open it again to see how it stands."),
    ),
    "postponement-not-found": (
        _("There is no such request"),
        _("It was never here, or you have no right to see it."),
    ),
    "entry-not-found": (
        _("There is no such record"),
        _("It was removed, or you have no right to see it."),
    ),
    "entry-changed": (
        _("The record has been changed meanwhile"),
        _("Somebody else changed %(number)s or removed it. Open it again and repeat your change."),
    ),
    "entry-full": (
        _("No more can be entered by hand"),
        _("A register takes %(limit)s records by hand. Send larger ones as a file."),
    ),
    "entry-file-empty": (
        _("There is nothing in this spreadsheet"),
        _("The first line names the columns; the records stand below it."),
    ),
    "entry-file-long": (
        _("The spreadsheet is too long"),
        _("A register takes %(limit)s records by hand. Send larger ones as a file."),
    ),
    "entry-empty": (
        _("Nothing has been entered"),
        _("Enter an invoice or a settlement of period %(period)s first."),
    ),
    "files-waiting": (
        _("A file still waits for its verdict"),
        _("Wait until it has been checked: it may be of this very period."),
    ),
    "bad-filter": (
        _("The filter cannot be understood"),
        _("Correct these parameters: %(fields)s."),
    ),
    "bad-interval": (
        _("The interval cannot be answered"),
        _("The first day comes before the last, and at most a year lies between them."),
    ),
    "bad-period": (
        _("This is not a tax period"),
        _("Write a month, a quarter or a half-year: 2026-10, 2026-Q4, 2026-H2."),
    ),
}
