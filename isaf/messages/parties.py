"""Words about suppliers, buyers and settling parties."""

from django.utils.translation import gettext_lazy as _

from isaf.messages.shape import Sentences, Titles, says

TITLES: Titles = {
    "14003": _("Supplier's VAT code not valid on the day"),
    "14025": _("Buyer's VAT code not valid on the day"),
    "14004": _("Supplier's VAT code has a wrong form"),
    "14026": _("Buyer's VAT code has a wrong form"),
    "14057": _("Settling party's VAT code is wrong"),
    "14005": _("Supplier's VAT code and country differ"),
    "14027": _("Buyer's VAT code and country differ"),
    "14058": _("Settling party's VAT code and country differ"),
    "14006": _("Supplier's code wrong or unknown"),
    "14030": _("Buyer's code wrong or unknown"),
    "14059": _("Settling party's code missing or unknown"),
    "14007": _("Supplier's code not valid on the day"),
    "14031": _("Buyer's code not valid on the day"),
    "14008": _("Supplier's country missing"),
    "14033": _("Buyer's country missing"),
    "14061": _("Settling party's country missing"),
    "14009": _("Supplier's country code wrong"),
    "14032": _("Buyer's country code wrong"),
    "14060": _("Settling party's country code wrong"),
    "14010": _("Supplier's name missing"),
    "14034": _("Buyer's name missing"),
    "14062": _("Settling party's name missing"),
    "14070": _("Supplier not identified"),
    "14029": _("Buyer's code missing"),
    "14056": _("Settling party's VAT code missing"),
    "14069": _("Supplier's VAT code wrong or unknown"),
    "14403": _("Supplier's two codes belong to different taxpayers"),
    "14406": _("Buyer's two codes belong to different taxpayers"),
    "14401": _("Farmer's code in the VAT field (supplier)"),
    "14404": _("Farmer's code in the VAT field (buyer)"),
    "14402": _("Farmer with a VAT code (supplier)"),
    "14405": _("Farmer with a VAT code (buyer)"),
    "14315": _("Debit invoice made out to oneself"),
    "isaf.supplier-is-taxpayer": _("Supplier is the taxpayer itself"),
    "14408": _("No right to see this taxpayer's data"),
}

_CODE_OR_ND = _("Write the code as it stands on the invoice, or ND if there is none.")
_TAXPAYER_CODE_OR_ND = _(
    "Write the code of 9, 10 or 11 digits from the invoice, or ND if it is not known."
)
_VAT_FORM = "14004 14026 14057"
_CODE_FORM = "14006 14030 14059"
_COUNTRY = "14009 14032 14060"

SENTENCES: Sentences = {
    **says(
        "14003 14025",
        "",
        _("The VAT code %(value)s was not valid on the date of the invoice."),
        _("Check the code and the date on the invoice itself."),
    ),
    **says(
        _VAT_FORM,
        "",
        _("%(value)s is not a VAT code."),
        _CODE_OR_ND,
    ),
    **says(
        _VAT_FORM,
        "prefix-missing",
        _("The VAT code %(value)s has no country prefix."),
        _("Write %(expected)s."),
    ),
    **says(
        _VAT_FORM,
        "no-prefix",
        _("%(value)s does not begin with the two letters of a country, so it is not a VAT code."),
        _CODE_OR_ND,
    ),
    **says(
        _VAT_FORM,
        "prefix-only",
        _("The VAT code is only the prefix %(prefix)s, without digits."),
        _CODE_OR_ND,
    ),
    **says(
        _VAT_FORM,
        "not-a-code",
        _("%(value)s is not a VAT code."),
        _("If there is no VAT code or it is not known, write ND."),
    ),
    **says(
        _VAT_FORM,
        "lt-length",
        _("The Lithuanian VAT code %(value)s does not have 9 or 12 digits after LT."),
        _CODE_OR_ND,
    ),
    **says(
        _VAT_FORM,
        "lt-check",
        _("There is a slip in the VAT code %(value)s: its check digit does not fit."),
        _("Compare the code with the invoice, digit by digit."),
    ),
    **says(
        _VAT_FORM,
        "foreign-form",
        _("%(value)s does not look like a VAT code of a country with the prefix %(prefix)s."),
        _CODE_OR_ND,
    ),
    **says(
        _VAT_FORM,
        "foreign-check",
        _("There may be a slip in the VAT code %(value)s: its check digit does not fit."),
        _("Check the code in VIES, the European Commission's VAT code search."),
    ),
    **says(
        _VAT_FORM,
        "unknown-prefix",
        _("%(value)s begins with %(prefix)s, which is no country's prefix."),
        _CODE_OR_ND,
    ),
    **says(
        _VAT_FORM,
        "separators",
        _("The VAT code %(value)s is written with blanks or marks; it was read as %(expected)s."),
        _("Write it without blanks and marks: %(expected)s."),
    ),
    **says(
        _VAT_FORM,
        "lower-case",
        _("The VAT code %(value)s is written in small letters; it was read as %(expected)s."),
        _("Write it in capitals: %(expected)s."),
    ),
    **says(
        "14005 14027 14058",
        "",
        _("The VAT code %(vat)s has the prefix %(prefix)s, but the country is %(value)s."),
        _(
            "Correct the one that is wrong; with a VAT code of the European Union the country "
            "may be left nil."
        ),
    ),
    **says(
        "14006 14030",
        "",
        _("The code %(value)s was not found."),
        _TAXPAYER_CODE_OR_ND,
    ),
    **says(
        "14059",
        "",
        _("There is neither a VAT code nor a code of the settling party."),
        _("Write the code from the invoice, or ND if it is not known."),
    ),
    **says(
        _CODE_FORM,
        "country-in-code",
        _("RegistrationNumber says LT; that is a country, not a code."),
        _TAXPAYER_CODE_OR_ND,
    ),
    **says(
        _CODE_FORM,
        "vat-in-code",
        _("RegistrationNumber holds the VAT code %(value)s."),
        _(
            "Move it to VATRegistrationNumber; RegistrationNumber is for the code of the company "
            "or person."
        ),
    ),
    **says(
        _CODE_FORM,
        "check",
        _("There is a slip in the code %(value)s: its check digit does not fit."),
        _("Compare the code with the invoice, digit by digit."),
    ),
    **says(
        _CODE_FORM,
        "form",
        _("%(value)s is not the code of a Lithuanian company or person."),
        _TAXPAYER_CODE_OR_ND,
    ),
    **says(
        "14007 14031",
        "",
        _("The code %(value)s was not valid on the date of the invoice."),
        _("Check the code and the date on the invoice itself."),
    ),
    **says(
        "14008 14033 14061",
        "",
        _("The country is not given, and there is no VAT code to show it."),
        _("Write the two letters of the country in Country, for instance LT."),
    ),
    **says(
        _COUNTRY,
        "",
        _("%(value)s is not a country code."),
        _("Write the two capital letters of ISO 3166-1, for instance LT, LV or DE."),
    ),
    **says(
        _COUNTRY,
        "nd",
        _("Country says ND, but ND is not used for countries."),
        _("Write the two letters of the country, or mark the element nil if there is a VAT code."),
    ),
    **says(
        _COUNTRY,
        "other-name",
        _("%(value)s is not the ISO code of this country."),
        _("Write %(expected)s."),
    ),
    **says(
        _COUNTRY,
        "lower-case",
        _("The country code %(value)s is written in small letters."),
        _("Write it in capitals: %(expected)s."),
    ),
    **says(
        "14010 14034 14062",
        "",
        _("The name is empty."),
        _("Write the name as on the invoice, or ND if the invoice has none."),
    ),
    **says(
        "14070",
        "",
        _("There is neither a VAT code nor a code of the supplier."),
        _(
            "Write in VATRegistrationNumber the code from the invoice; if there is none, write "
            "ND and fill RegistrationNumber."
        ),
    ),
    **says(
        "14029",
        "",
        _("There is neither a VAT code nor a code of the buyer."),
        _(
            "Write in VATRegistrationNumber the code from the invoice; if there is none, write "
            "ND there and in RegistrationNumber the buyer's code or ND."
        ),
    ),
    **says(
        "14056",
        "",
        _("The VAT code of the settling party is not given."),
        _("Write the VAT code from the invoice, or ND if there is none."),
    ),
    **says(
        "14070 14029 14056",
        "not-in-master",
        _(
            "The invoice points to the party %(value)s of the master file, but no such party is "
            "there."
        ),
        _("Add the party to MasterFiles, or write its codes and name in this record."),
    ),
    **says(
        "14069",
        "",
        _("The VAT code %(value)s was not found."),
        _CODE_OR_ND,
    ),
    **says(
        "14403 14406",
        "",
        _("The VAT code and the code %(value)s belong to different taxpayers."),
        _("Correct the one that is wrong."),
    ),
    **says(
        "14401 14404",
        "",
        _(
            "%(value)s stands in VATRegistrationNumber, but a farmer of the compensation scheme "
            "has no VAT code."
        ),
        _("Write ND there and the farmer's code in RegistrationNumber."),
    ),
    **says(
        "14402 14405",
        "",
        _(
            "RegistrationNumber holds the farmer's code, but VATRegistrationNumber is filled too "
            "(%(value)s)."
        ),
        _("Write ND in VATRegistrationNumber."),
    ),
    **says(
        "14315",
        "",
        _("In this debit invoice the other side is the taxpayer itself."),
        _("Name the seller who got the debit invoice."),
    ),
    **says(
        "isaf.supplier-is-taxpayer",
        "",
        _("The supplier of this received invoice is the taxpayer itself (%(value)s)."),
        _("Name the one who issued the invoice."),
    ),
    **says(
        "14408",
        "",
        _("You may not get the data of this taxpayer."),
        _("Ask the taxpayer for the right."),
    ),
}
