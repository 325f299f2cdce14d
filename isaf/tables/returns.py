"""A preliminary return to take away: its boxes, its rows, and as a paper."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from imas.kernel.clock import VILNIUS
from imas.web.periods import period_name
from imas.web.templatetags.imas import whole_euros
from isaf.pages.return_lists import ListPage
from isaf.pages.returns import ReturnPage, rule_name
from isaf.returns.forms import FormName
from isaf.returns.rules import rules_on
from isaf.returns.standing import Counted
from isaf.selectors import contributions
from isaf.selectors.contributions import Fed
from isaf.words import returns as words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PAPER = "return.typ"

HEADERS: "Sequence[_StrPromise]" = (
    gettext_lazy("Standing"),
    gettext_lazy("Boxes"),
    gettext_lazy("Rule"),
    gettext_lazy("Register"),
    gettext_lazy("Invoice"),
    gettext_lazy("Issue date"),
    gettext_lazy("Counterparty"),
    gettext_lazy("VAT code"),
    gettext_lazy("Taxable value"),
    gettext_lazy("VAT"),
    gettext_lazy("Deducted VAT, before box 28"),
)


def row_cells(page: ReturnPage) -> Iterator[Sequence[Any]]:
    """Yield the rows of a version as cells, counted or not, in the order of HEADERS."""
    assert page.version  # noqa: S101 - the view asked
    rules = rules_on(page.found.start)
    for fed in contributions.every_fed(page.version):
        rule = rules.get(fed.row.rule)
        yield (
            words.COUNTED[Counted(fed.row.standing)],
            " ".join(rule.boxes) if rule and fed.row.standing == Counted.COUNTED else "",
            rule_name(rule) if rule else "",
            fed.register,
            *_evidence(fed),
            fed.row.taxable,
            fed.row.vat,
            fed.deducted,
        )


def box_table(page: ReturnPage) -> "tuple[Sequence[str], Iterable[Sequence[Any]]]":
    """Return headers and cells of what the form shows: boxes, or the lines of a list."""
    if page.found.form == FormName.LIST:
        headers = [_("VAT code"), _("Buyer"), _("Goods"), _("Triangular"), _("Services")]
        return headers, (
            (f"{one.country}{one.code}", one.name, *one.in_euros) for one in ListPage(page).lines
        )
    headers = [_("Box"), _("Name"), _("Whole euros"), _("To the cent")]
    return headers, (
        (one.box.number, one.name, one.shown, one.exact)
        for _t, boxes in page.sections
        for one in boxes
    )


def paper(page: ReturnPage, taxpayer: str) -> Mapping[str, Any]:
    """Return the data of templates/pdf/return.typ; `taxpayer` is told in the head."""
    assert page.version  # noqa: S101 - the view asked
    computed = page.version.computed_at.astimezone(VILNIUS)
    return {
        "lang": get_language() or "lt",
        "title": f"{page.found.form} {words.FORMS[FormName(page.found.form)]}",
        "subtitle": f"{taxpayer}. {period_name(page.found.period)}. {page.state_word}.",
        "head": taxpayer,
        "foot": f"{page.found.number} · {page.version.number} · {computed:%Y-%m-%d %H:%M}",
        "note": _("This is a preliminary return. It is filed in EDS alone."),
        "sections": _sections(page),
    }


def _sections(page: ReturnPage) -> list[dict[str, Any]]:
    if page.found.form == FormName.LIST:
        shown = ListPage(page)
        rows = [
            [f"{one.country}{one.code}", one.name, *map(whole_euros, one.in_euros)]
            for one in shown.lines
        ]
        headers = [_("VAT code"), _("Buyer"), _("Goods"), _("Triangular"), _("Services")]
        return [{"title": _("Supplies by buyer"), "headers": headers, "rows": rows}]
    headers = [_("Box"), _("Name"), _("Amount")]
    return [
        {
            "title": title,
            "headers": headers,
            "rows": [[one.box.number, one.name, whole_euros(one.shown)] for one in boxes],
        }
        for title, boxes in page.sections
    ]


def _evidence(fed: Fed) -> Sequence[Any]:
    if fed.invoice:
        one = fed.invoice
        code = one.counterparty_vat or one.counterparty_code
        return one.number, one.issued, one.counterparty_name, code
    if fed.settled:
        return fed.settled.number, fed.settled.issued, "", ""
    note = fed.line.note if fed.line else ""
    return note, None, "", ""
