"""Words about what the schema refuses."""

from django.utils.translation import gettext_lazy as _

from isaf.messages.shape import Sentences, Titles

TITLES: Titles = {
    "11004": _("File does not match the i.SAF schema"),
    "11005": _("No i.SAF namespace"),
    "11006": _("Required value missing"),
    "11007": _("Empty file"),
    "11008": _("Wrong encoding"),
    "11010": _("Not an i.SAF file"),
}

_TO_THE_MAKERS = _("Pass this message to the makers of your accounting program.")

_MESSAGES = {
    ("11004", ""): _("The file does not match the i.SAF schema."),
    ("11005", ""): _("The i.SAF namespace is missing."),
    ("11006", ""): _("A required element is missing or empty."),
    ("11008", ""): _("A character does not fit the encoding that the file names."),
    ("11010", ""): _("The root element iSAFFile was not found."),
    ("11008", "bad-character"): _(
        "The file says it is written in %(encoding)s, but a character in this line is not of "
        "that encoding. Save the file anew in UTF-8."
    ),
    ("11008", "unknown-encoding"): _(
        "The encoding %(encoding)s is not accepted; save the file in UTF-8."
    ),
    ("11005", "missing-namespace"): _(
        'The root element has no i.SAF namespace; it must read <iSAFFile xmlns="%(expected)s">.'
    ),
    ("11005", "wrong-namespace"): _(
        'The root element\'s namespace is "%(found)s"; the i.SAF namespace is "%(expected)s".'
    ),
    ("11010", "wrong-root"): _(
        "The root element is %(found)s; an i.SAF file begins with iSAFFile."
    ),
    ("11010", "not-xml"): _("This is not an XML document."),
    ("11004", "not-well-formed"): _(
        "The XML is broken here (%(detail)s). "
        "This must be corrected in the program that made the file."
    ),
    ("11004", "truncated"): _(
        "The file breaks off inside the element %(element)s: it was not written or sent to its end."
    ),
    ("11004", "mismatched-tag"): _(
        "The end tag %(element)s stands where %(expected)s must be closed."
    ),
    ("11004", "unescaped-character"): _(
        "The characters & and < in a text must be written &amp; and &lt;."
    ),
    ("11004", "doctype"): _("A document type (DOCTYPE) is not allowed in an i.SAF file."),
    ("11004", "unknown-entity"): _("The entity &%(entity)s; is not allowed."),
    ("11004", "too-deep"): _("Elements are nested deeper than %(limit)s levels."),
    ("11004", "record-too-large"): _("One record is larger than %(limit)s MB."),
    ("11004", "wrong-order"): _(
        "%(element)s stands too early in %(parent)s: %(expected)s must come before it."
    ),
    ("11006", "missing-element"): _("%(element)s is missing in %(parent)s."),
    ("11006", "missing-nillable"): _(
        "%(element)s is missing in %(parent)s. If there is no value, write <%(element)s "
        'xsi:nil="true"/>.'
    ),
    ("11004", "unexpected-element"): _("%(element)s is not an element of %(parent)s; remove it."),
    ("11004", "purchase-element-on-sale"): _(
        "%(element)s belongs only to received invoices; remove it from issued ones."
    ),
    ("11004", "sale-element-on-purchase"): _(
        "%(element)s belongs only to issued invoices; remove it from received ones."
    ),
    ("11004", "misspelt-element"): _("%(element)s must be written %(expected)s."),
    ("11004", "repeated-element"): _("%(element)s may stand only once in %(parent)s."),
    ("11004", "too-many-elements"): _(
        "There are more than %(limit)s %(element)s elements in %(parent)s."
    ),
    ("11004", "wrong-element-namespace"): _("%(element)s is not in the i.SAF namespace."),
    ("11004", "empty-container"): _(
        "%(element)s is empty: leave it out, or put at least one %(expected)s in it."
    ),
    ("11004", "stray-text"): _("There is text in %(element)s where only elements may stand."),
    ("11004", "element-in-value"): _(
        "%(element)s holds a value and may not have the element %(found)s in it."
    ),
    ("11004", "unexpected-attribute"): _("%(element)s may not have the attribute %(attribute)s."),
    ("11006", "empty-instead-of-nil"): _(
        '%(element)s is empty. If there is no value, write <%(element)s xsi:nil="true"/>.'
    ),
    ("11006", "empty-element"): _("%(element)s must not be empty."),
    ("11006", "nil-not-allowed"): _("%(element)s may not be nil; write its value."),
    ("11004", "nil-with-content"): _(
        "%(element)s is marked nil but has a value; leave one of them."
    ),
    ("11004", "bad-nil"): _("xsi:nil of %(element)s must be true or false."),
    ("11004", "amount-with-comma"): _(
        "%(element)s: write the amount with a point, not a comma (100.00)."
    ),
    ("11004", "amount-with-blanks"): _("%(element)s: write the amount without blanks (1000.00)."),
    ("11004", "amount-decimals"): _("%(element)s: at most two decimals (100.00)."),
    ("11004", "amount-exponent"): _("%(element)s: write the number in full, without an exponent."),
    ("11004", "amount-too-long"): _("%(element)s: more than %(limit)s digits."),
    ("11004", "bad-amount"): _('%(element)s: "%(value)s" is not an amount.'),
    ("11004", "bad-rate"): _(
        "%(element)s: write the rate as a number of per cent, for instance 21 or 21.00."
    ),
    ("11004", "bad-date"): _('%(element)s: "%(value)s" is not a date; write YYYY-MM-DD.'),
    ("11004", "date-too-early"): _("%(element)s: the date must not be before %(limit)s."),
    ("11004", "date-too-late"): _("%(element)s: the date must not be after %(limit)s."),
    ("11004", "bad-date-time"): _(
        "%(element)s: write date and time, for instance 2026-02-10T09:15:00."
    ),
    ("11004", "too-long"): _("%(element)s is longer than %(limit)s characters."),
    ("11004", "bad-country-length"): _(
        "%(element)s must be the two letters of a country, for instance LT."
    ),
    ("11004", "bad-part-number"): _(
        "%(element)s may hold only the letters A–Z in capitals, digits and _, at most 20."
    ),
    ("11004", "bad-version"): _("%(element)s must be %(expected)s."),
    ("11004", "not-in-list"): _("%(element)s must be one of: %(expected)s."),
    ("11004", "bad-tax-code"): _(
        "%(element)s must be PVM and one to three digits, for instance PVM1."
    ),
    ("11004", "bad-registration-number"): _("%(element)s must be digits only, at most 11."),
    ("11004", "bad-number-of-parts"): _("%(element)s must be a whole number."),
    ("11004", "other"): _("%(element)s does not fit the i.SAF schema (%(detail)s)."),
    ("11004", "control-character"): _("A control character stands here; XML does not allow it."),
    ("11004", "text-before-declaration"): _(
        "Something stands before the XML declaration (<?xml …?>): it must be the very beginning "
        "of the file."
    ),
    ("11004", "undeclared-prefix"): _(
        "A namespace prefix is used here that is not declared (xmlns:…)."
    ),
}

SENTENCES: Sentences = {
    **{key: (message, _TO_THE_MAKERS) for key, message in _MESSAGES.items()},
    ("11007", ""): (
        _("The file is empty."),
        _("Make the file anew; a period without invoices is a file with the header alone."),
    ),
}
