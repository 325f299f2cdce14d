"""What a person is told of a draft begun from an invoice: taken over, still to write, left out."""

from collections.abc import Iterator

from django.contrib.messages import constants
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ivaz.services.invoicing import LONGEST_NUMBER, Begun
from ivaz.types import MOST_LINES, LeftOut


def told(begun: Begun) -> Iterator[tuple[int, str]]:
    """Yield sentences, each with its level as `django.contrib.messages` has it."""
    yield constants.SUCCESS, f"{_taken(begun)} {_missing(begun)}"
    rns = ", ".join(rn for rn in begun.twins if rn)
    if rns:
        yield (
            constants.WARNING,
            _("A waybill with this invoice is there already: %(rn)s.") % {"rn": rns},
        )
    if "" in begun.twins:
        yield (
            constants.WARNING,
            _("Another draft with this invoice is there already: look among those put aside."),
        )
    for reason, value in begun.sale.left_out.items():
        yield constants.WARNING, _left_out(reason, value)


def _taken(begun: Begun) -> str:
    number, count = begun.sale.number or "–", len(begun.sale.products)
    if not count:
        return _("Begun from the invoice %(number)s: its parties.") % {"number": number}
    return ngettext(
        "Begun from the invoice %(number)s: its parties and %(count)s line of goods.",
        "Begun from the invoice %(number)s: its parties and %(count)s lines of goods.",
        count,
    ) % {"number": number, "count": count}


def _missing(begun: Begun) -> str:
    """Return what is still to be written, in the order of the steps."""
    content = begun.draft.content
    there = {
        _("the consignor’s code"): "RegistrationNumber" in content["Consignor"],
        _("the consignee’s code"): "RegistrationNumber" in content["Consignee"],
        _("the carrier"): False,
        _("the number of the waybill"): False,
        _("the time of dispatch"): False,
        _("the loading address"): "ShipFrom" in content,
        _("the unloading address"): "ShipTo" in content,
        _("the vehicle"): False,
        _("the goods"): bool(begun.sale.products),
    }
    words = ", ".join(word for word, is_there in there.items() if not is_there)
    return _("Still to be written: %(what)s.") % {"what": words}


def _left_out(reason: LeftOut, value: str) -> str:
    words = {
        LeftOut.NUMBER: _(
            "The number of the invoice has more than %(limit)s letters and was not taken over."
        ),
        LeftOut.LINES: _(
            "A waybill holds %(limit)s lines of goods. Lines of the invoice beyond that: %(value)s."
        ),
        LeftOut.NO_GOODS: _(
            "Lines without a name or with no quantity above zero were left out: %(value)s."
        ),
        LeftOut.QUANTITIES: _(
            "Quantities to be written by you, for a waybill cannot hold them: %(value)s."
        ),
        LeftOut.UNITS: _("Units to be written by you, for their codes are not known: %(value)s."),
        LeftOut.RECIPIENT: _(
            "By the invoice the goods are taken by %(value)s. If that is not the buyer, change the "
            "consignee."
        ),
    }
    limit = LONGEST_NUMBER if reason is LeftOut.NUMBER else MOST_LINES
    return words[reason] % {"limit": limit, "value": value}
