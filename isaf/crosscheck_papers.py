"""An ordered report as a paper: what templates/pdf/crosscheck_report.typ is filled with."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from imas.kernel.clock import VILNIUS
from imas.kernel.periods import Period
from imas.web.periods import period_names
from imas.web.templatetags.imas import amount, count, euro
from isaf.matching import Content
from isaf.models import CrossCheck
from isaf.pages.crosscheck import kinds
from isaf.selectors import reports
from isaf.tables.crosscheck import ShownPair, reported

TEMPLATE = "crosscheck_report.typ"
MOST = 1_000
"""Pairs on a paper; whoever needs more takes the workbook."""
_NONE = "–"


def report_paper(report: CrossCheck, taxpayer: str) -> Mapping[str, Any]:
    """Return the data of a ready report, its first MOST pairs; `taxpayer` is told in the head."""
    lines = reports.lines_of(report)
    left_out = max(lines.count() - MOST, 0)
    stood = report.finished_at.astimezone(VILNIUS) if report.finished_at else None
    return {
        "lang": get_language() or "lt",
        "title": f"{_('Cross-check report')} {report.number}",
        "subtitle": f"{taxpayer}. {period_names(report.periods)}",
        "head": taxpayer,
        "foot": f"{report.number} · {stood:%Y-%m-%d %H:%M}" if stood else report.number,
        "numbers": _numbers(report.summary),
        "states_title": _("Mismatches by kind"),
        "states_headers": [_("Kind"), _("Compared with"), _("How many")],
        "states": [
            [one["word"], one["source"], count(one["count"])]
            for one in kinds(report.summary, Period.parse(report.periods[0]).start)
        ],
        "pairs_title": _("Details"),
        "pairs_headers": _headers(),
        "pairs": [_cells(reported(line)) for line in islice(lines.iterator(), MOST)],
        "nothing": _("The report lists no invoice in this state."),
        "left_out": _left_out(left_out) if left_out else "",
    }


def _numbers(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    differences = summary["differences"]
    told = (
        (_("Invoices checked"), count(summary["checked_invoices"])),
        (_("With mismatches"), count(summary["mismatched_invoices"])),
        (_("Difference of the taxable value"), euro(differences["taxable"])),
        (_("Difference of VAT"), euro(differences["vat"])),
        (_("Difference of the total"), euro(differences["total"])),
    )
    return [{"label": label, "value": value} for label, value in told]


def _headers() -> list[str]:
    return [
        _("State"),
        _("Counterparty"),
        _("Number"),
        _("Issue date"),
        _("Taxable value"),
        _("VAT"),
        _("Total"),
        _("Differs"),
    ]


def _cells(pair: ShownPair) -> list[Any]:
    """Our datum above theirs where the two say something else."""
    party = "\n".join(filter(None, (pair.name, pair.vat_code or pair.code)))
    return [
        f"{pair.word}\n({pair.compared_with})" if pair.compared_with else pair.word,
        party or _NONE,
        _both(pair, lambda side: side.number),
        _both(pair, lambda side: f"{side.issued}"),
        _both(pair, lambda side: amount(side.taxable)),
        _both(pair, lambda side: amount(side.vat)),
        _both(pair, lambda side: amount(side.total)),
        ", ".join(map(str, pair.differing)) or _why(pair),
    ]


def _why(pair: ShownPair) -> Any:
    """Say what is known besides the state, which stands in the first column already."""
    return pair.explanation if pair.reason or pair.hint else _NONE


def _both(pair: ShownPair, told: Any) -> str:
    sides: list[Content] = [side for side in (pair.ours, pair.theirs) if side is not None]
    return "\n".join(dict.fromkeys(told(side) for side in sides)) or _NONE


def _left_out(number: int) -> str:
    return ngettext(
        "%(shown)s more invoice is in the workbook.",
        "%(shown)s more invoices are in the workbook.",
        number,
    ) % {"shown": count(number)}
