"""Words about the total rows: tax codes, rates and amounts."""

from django.utils.translation import gettext_lazy as _

from isaf.messages.shape import Sentences, Titles, says

TITLES: Titles = {
    "14020": _("Tax code twice in a received invoice"),
    "14045": _("Tax code twice in an issued invoice"),
    "14022": _("Tax code does not fit (received)"),
    "14049": _("Tax code does not fit (issued)"),
    "14023": _("Rate does not fit the tax code (received)"),
    "14050": _("Rate does not fit the tax code (issued)"),
    "14024": _("VAT amount does not fit the rate (received)"),
    "14051": _("VAT amount does not fit the rate (issued)"),
    "14047": _("Taxable value is zero"),
    "14048": _("Negative value in an invoice that corrects nothing"),
    "14300": _("Tax code missing in a purchase from abroad"),
    "14311": _("Tax code unsuitable for a Lithuanian supplier"),
    "14312": _("Tax code unsuitable for a supplier outside the Union"),
    "14313": _("Tax code unsuitable for a farmer"),
    "14314": _("Tax code unsuitable for cash accounting"),
    "14400": _("PVM13 without a VAT payer of the Union"),
}

_TAX_CODE = "14022 14049"
_RATE = "14023 14050"
_AMOUNT = "14024 14051"

SENTENCES: Sentences = {
    **says(
        "14020 14045",
        "",
        _("The tax code %(value)s has more than one row in this invoice."),
        _("Add the rows up into one."),
    ),
    **says(
        "14020 14045",
        "nil",
        _("More than one row without a tax code has the same rate."),
        _("Add the rows up into one."),
    ),
    **says(
        _TAX_CODE,
        "",
        _("The tax code %(value)s is not valid."),
        _("Choose a code of the VAT classifier."),
    ),
    **says(
        _TAX_CODE,
        "not-in-the-list",
        _("There is no tax code %(value)s in the VAT classifier."),
        _("Choose a code of the VAT classifier."),
    ),
    **says(
        "14049",
        "missing",
        _("An issued invoice's row has no tax code."),
        _(
            "Write in TaxCode a code of the VAT classifier, for instance PVM1; only received "
            "invoices may leave it nil."
        ),
    ),
    **says(
        _TAX_CODE,
        "expired",
        _("The tax code %(value)s was in force until %(valid_to)s only."),
        _(
            "If the supply took place later, choose the code now in force (for instance "
            "%(successor)s); if earlier, write the date of supply."
        ),
    ),
    **says(
        _TAX_CODE,
        "not-yet",
        _("The tax code %(value)s is in force only from %(valid_from)s."),
        _("Choose a code that was in force on the day of the supply."),
    ),
    **says(
        "14022",
        "not-for-register",
        _("The tax code %(value)s is not used in received invoices."),
        _("Choose a code of the VAT classifier for purchases."),
    ),
    **says(
        "14049",
        "not-for-register",
        _("The tax code %(value)s is not used in issued invoices."),
        _("Choose a code of the VAT classifier for supplies."),
    ),
    **says(
        _TAX_CODE,
        "import-vat",
        _("The tax code %(value)s is for import VAT, which is not given in i.SAF."),
        _("Leave this row out of the registers."),
    ),
    **says(
        _RATE,
        "",
        _("The rate is %(value)s %%, but with the tax code %(code)s it is %(expected)s %%."),
        _("Correct the rate or choose the tax code that has it."),
    ),
    **says(
        _RATE,
        "missing",
        _("The rate is missing; with the tax code %(code)s it is %(expected)s %%."),
        _("Write it in TaxPercentage; a rate of 0 is written too."),
    ),
    **says(
        _RATE,
        "nine-for-twelve",
        _("The rate is 9 %%, but with the tax code %(code)s it is 12 %%."),
        _(
            "Since 1 January 2026 the reduced rate is 12 %%; if the supply took place before, "
            "use the code of the 9 %% rate and write the date of supply."
        ),
    ),
    **says(
        _RATE,
        "twelve-for-nine",
        _("The rate is 12 %%, but the tax code %(code)s belongs to the former rate of 9 %%."),
        _("Use the code of the 12 %% rate, for instance PVM58."),
    ),
    **says(
        _RATE,
        "fraction",
        _(
            "The rate %(value)s is written as a fraction; with the tax code %(code)s it is "
            "%(expected)s %%."
        ),
        _("Write the rate in per cent, for instance 21."),
    ),
    **says(
        _RATE,
        "zero-for-none",
        _("The tax code %(code)s has no rate, but 0 is written."),
        _("Mark TaxPercentage nil."),
    ),
    **says(
        _RATE,
        "rate-for-none",
        _("The tax code %(code)s has no rate, but %(value)s %% is written."),
        _("Mark TaxPercentage nil, or choose the tax code of a taxed supply."),
    ),
    **says(
        "14023",
        "no-such-rate",
        _(
            "There was no VAT rate of %(value)s %% on the day of the supply; the rates were "
            "%(expected)s."
        ),
        _(
            "Check the rate on the invoice; if the supply took place earlier, write its date in "
            "VATPointDate."
        ),
    ),
    **says(
        _AMOUNT,
        "",
        _("The VAT amount is %(value)s, but %(rate)s %% of %(taxable)s is %(expected)s."),
        _("Correct the amount, the taxable value or the rate."),
    ),
    **says(
        _AMOUNT,
        "gross-in-amount",
        _("Amount is %(value)s: that is the whole price with VAT, but VAT alone is %(expected)s."),
        _("Write %(expected)s in Amount."),
    ),
    **says(
        _AMOUNT,
        "gross-in-taxable",
        _(
            "The taxable value %(taxable)s seems to include VAT: the amount %(value)s fits a "
            "base without it."
        ),
        _("Write in TaxableValue the value without VAT."),
    ),
    **says(
        _AMOUNT,
        "sign",
        _("The VAT amount %(value)s has the opposite sign of the taxable value %(taxable)s."),
        _("In a credit invoice both are negative, elsewhere both are positive."),
    ),
    **says(
        _AMOUNT,
        "missing",
        _("There is no VAT amount, though %(rate)s %% of %(taxable)s is %(expected)s."),
        _("Write %(expected)s in Amount, or choose the tax code of a supply without VAT."),
    ),
    **says(
        _AMOUNT,
        "vat-without-rate",
        _("There is a VAT amount of %(value)s, though no VAT is counted with this tax code."),
        _("Write 0 in Amount, or choose the tax code of a taxed supply."),
    ),
    **says(
        "14047",
        "",
        _("The taxable value of the row with the tax code %(code)s is zero."),
        _("Leave the row out, or write its value."),
    ),
    **says(
        "14048",
        "",
        _(
            "The taxable value %(value)s is negative, but the invoice is neither a credit nor a "
            "debit invoice."
        ),
        _("Add rows of one tax code up; if the invoice lessens an earlier one, write the type KS."),
    ),
    **says(
        "14048",
        "total",
        _(
            "The whole invoice is negative (%(value)s), but its type does not say that it is a "
            "credit invoice."
        ),
        _("Write the type KS in InvoiceType, and the corrected invoice in References."),
    ),
    **says(
        "14300",
        "",
        _("The supplier %(supplier)s is not a Lithuanian VAT payer, so the row needs a tax code."),
        _(
            "Write the code of the purchase, for instance PVM16 for goods or PVM21 for services "
            "from the European Union."
        ),
    ),
    **says(
        "14311",
        "",
        _(
            "The tax code %(value)s is for purchases from abroad or from farmers, but the "
            "supplier %(supplier)s is a Lithuanian VAT payer."
        ),
        _(
            "Mark TaxCode nil for an ordinary domestic purchase, or write PVM25 where the buyer "
            "accounts for the VAT."
        ),
    ),
    **says(
        "14312",
        "",
        _(
            "The tax code %(value)s is not for suppliers from outside the European Union, and "
            "%(supplier)s is one."
        ),
        _(
            "Write PVM20 for services, PVM43 for other purchases taxed in Lithuania, or PVM48 "
            "for those taxed abroad."
        ),
    ),
    **says(
        "14313",
        "",
        _("The tax code %(value)s is not for purchases from a farmer of the compensation scheme."),
        _("Write PVM49."),
    ),
    **says(
        "14314",
        "",
        _(
            "The tax code %(value)s is not for agricultural goods from a VAT payer with cash "
            "accounting."
        ),
        _("Choose the tax code of a domestic supply."),
    ),
    **says(
        "14400",
        "",
        _(
            "PVM13 is a supply to a VAT payer of another member state, but the buyer's VAT code "
            "is %(value)s."
        ),
        _(
            "Write the buyer's VAT code with its prefix, or choose another tax code (PVM12 for "
            "export)."
        ),
    ),
    **says(
        "14400",
        "lithuanian",
        _(
            "PVM13 is a supply to a VAT payer of another member state, but the buyer %(value)s "
            "is Lithuanian."
        ),
        _("Choose the tax code of a domestic supply, for instance PVM1."),
    ),
}
