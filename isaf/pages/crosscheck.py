"""What the cross-check pages put on top and below: numbers, shares, tabs, pairs."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import pgettext

from imas.kernel import clock
from imas.kernel.periods import Period
from imas.web.paging import Page
from imas.web.periods import period_name
from isaf.crosscheck_terms import mismatches_on
from isaf.forms.crosscheck import PairFilterForm
from isaf.matching import GRAVEST_FIRST, SeenState
from isaf.models import CrossCheck, Register, ReportedPair, StandingOrder
from isaf.selectors import InvoiceDetail, deals, pairs, reports
from isaf.selectors.einvoices import count_mismatched
from isaf.selectors.pairs import SeenPair, Standing
from isaf.selectors.summing import REGISTERS, REGISTERS_TOLD, Summary
from isaf.tables.crosscheck import ShownPair, reported, shown
from isaf.words import crosscheck as words
from representation.types import Acting

if TYPE_CHECKING:
    from django.http import QueryDict

_SHARES = (SeenState.MATCHED, *(one for one in GRAVEST_FIRST if one is not SeenState.MATCHED))
"""States in the order of the bar: what matches first, then what does not."""

_OWN = (REGISTERS, REGISTERS_TOLD)


def pair_shown(acting: Acting, register: Register, detail: InvoiceDetail) -> ShownPair | None:
    """Return how an invoice was cross-checked, to whoever may know it."""
    if not acting.may("isaf.crosscheck"):
        return None
    pair = pairs.pair_of(acting, register, detail.invoice)
    return shown(pair) if pair else None


class LivePage:
    """The live cross-check of one period as the filter asks for it."""

    def __init__(self, acting: Acting, period: Period, form: PairFilterForm, cursor: str) -> None:
        self.acting = acting
        self.period = period
        self.form = form
        self.cursor = cursor

    @cached_property
    def summary(self) -> Summary:
        """The numbers of what the filter lets pass, whatever its state."""
        return pairs.summary_of(self.acting, self.period, self.form.query)

    @cached_property
    def standing(self) -> Standing:
        """How complete and how fresh it is."""
        return pairs.standing_of(self.acting, self.period)

    @property
    def submitted(self) -> int:
        """How many counterparties have submitted."""
        return self.standing.counterparties - self.standing.waiting_for

    @cached_property
    def state(self) -> SeenState:
        """The state shown: the one asked for, else the gravest there is."""
        if self.form.asked_state:
            return self.form.asked_state
        counts = self.summary.states
        return next((state for state in GRAVEST_FIRST if counts.get(state)), SeenState.MATCHED)

    @cached_property
    def page(self) -> Page[SeenPair]:
        """The pairs of that state at the cursor."""
        query = self.form.query_in(self.state)
        return pairs.pair_page(self.acting, self.period, query, self.cursor)

    @property
    def pairs(self) -> Iterable[ShownPair]:
        """The pairs of the page, with the buyers' marks as they stand."""
        rows = self.page.rows
        marks = deals.marks_of(self.acting, [row.match_key for row in rows])
        return (shown(row, marks.get(row.match_key, "")) for row in rows)

    @property
    def state_word(self) -> Any:
        """The state shown, in words."""
        return words.state_word(self.state, self.period.start)

    @property
    def explanation(self) -> Any:
        """What the state shown means."""
        return words.state_meaning(self.state, self.period.start)

    @property
    def searched(self) -> str:
        """How far other periods were searched, where it matters for the state shown."""
        return words.searched(self.state, self.period.start)

    @property
    def shares(self) -> list[dict[str, Any]]:
        """The parts of the bar."""
        return shares(self.summary.states, self.period.start, self.address)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The states to choose from."""
        return tabs(self.summary.states, self.period.start, self.state, self.address)

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The mismatches by kind."""
        return kinds(self.summary.as_json(), self.period.start)

    @cached_property
    def einvoices(self) -> int:
        """How many e-invoices of the period are mismatches; they are shown on a page of theirs."""
        return count_mismatched(self.acting, self.period)

    def address(self, state: str) -> str:
        """Return the query string of another state, the rest of the filter kept."""
        asked = {**self.form.cleaned_data, "period": self.period.code, "state": state}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


class ReportPage:
    """An ordered report with the lines of one state, or of all."""

    def __init__(self, report: CrossCheck, given: "QueryDict") -> None:
        self.report = report
        asked = given.get("state", "")
        self.state = SeenState(asked) if asked in set(SeenState) else None
        self.cursor = given.get("at", "")

    @property
    def states(self) -> Mapping[str, int]:
        """The invoices by state."""
        counted: Mapping[str, int] = self.report.summary["by_state"]
        return counted

    @cached_property
    def page(self) -> Page[ReportedPair]:
        """The lines at the cursor."""
        return reports.line_page(self.report, self.state, self.cursor)

    @property
    def pairs(self) -> Iterable[ShownPair]:
        """The pairs of the page."""
        return map(reported, self.page.rows)

    @property
    def shares(self) -> list[dict[str, Any]]:
        """The parts of the bar."""
        return shares(self.states, self.began)

    @property
    def began(self) -> date:
        """The first day of what is reported: states are called as they were then."""
        return Period.parse(self.report.periods[0]).start

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The states listed, and all of them."""
        asked = set(self.report.filter.get("states", ()))
        listed = asked or {*reports.states_listed(self.report)}
        counted = {state: count for state, count in self.states.items() if state in listed}
        every = {
            "url": "?",
            "label": pgettext("invoices", "All"),
            "count": sum(counted.values()),
            "is_current": self.state is None,
        }
        return [every, *tabs(counted, self.began, self.state, lambda state: f"?state={state}")]

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The mismatches by kind."""
        return kinds(self.report.summary, self.began)

    @property
    def state_word(self) -> Any:
        """How far the report is, in words."""
        return words.REPORT_STATES[self.report.state]


class ShownOrder:
    """A standing order in words."""

    def __init__(self, order: StandingOrder) -> None:
        self.order = order

    @property
    def last_period(self) -> str:
        """The period reported last; empty before the first."""
        code = self.order.last_period
        return period_name(Period.parse(code)) if code else ""

    @property
    def listed(self) -> str:
        """What is listed: states, register, counterparty."""
        chosen = self.order.filter
        today = clock.today()
        states = chosen.get("states") or mismatches_on(today)
        told = [words.state_word(SeenState(state), today) for state in states]
        if side := chosen.get("side"):
            told.append(str(words.side_word(side)))
        return ", ".join([*told, *filter(None, [chosen.get("counterparty")])])


def shares(counts: Mapping[str, int], day: date, address: Any = None) -> list[dict[str, Any]]:
    """Return the parts of the bar, called as they were on a day."""
    return [
        {
            "label": words.state_word(state, day),
            "count": counts[state],
            "tone": words.TONES[state],
            "url": address(state.value) if address else "",
        }
        for state in _SHARES
        if counts.get(state)
    ]


def tabs(
    counts: Mapping[str, int], day: date, current: SeenState | None, address: Any
) -> list[dict[str, Any]]:
    """Return a tab for every state that has anything, and for the one shown."""
    return [
        {
            "url": address(state.value),
            "label": words.state_word(state, day),
            "count": counts.get(state, 0),
            "is_current": state is current,
        }
        for state in GRAVEST_FIRST
        if counts.get(state) or state is current
    ]


def kinds(summary: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    """Return the kinds of mismatches in words with their source, the commonest first.

    Reports drawn up before there were sources have only kinds.
    """
    by_source = summary.get("by_source") or {REGISTERS: {"by_kind": summary["by_kind"]}}
    counted = [
        (-count, kind, "" if source in _OWN else source)
        for source, told in by_source.items()
        for kind, count in told["by_kind"].items()
    ]
    return [
        {
            "word": words.kind_word(kind, day, of_einvoice=bool(source)),
            "source": words.einvoice_of(source) if source else words.REGISTER_OF_COUNTERPARTY,
            "count": -count,
        }
        for count, kind, source in sorted(counted)
    ]
