"""What the pages of preliminary returns show: the form with comparisons, its boxes, its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from imas.kernel.money import ZERO
from imas.kernel.problems import Severity
from imas.web.periods import period_name
from imas.web.templatetags.imas import count
from isaf import filing
from isaf.models import PreliminaryReturn, ReturnLine, ReturnVersion
from isaf.pages.return_comparisons import Compared, Comparisons
from isaf.return_ffdata import subject_of
from isaf.returns.boxes import Filled, Sums
from isaf.returns.checks import Check, checks_of
from isaf.returns.forms import Box, BoxKind, Form, FormName, boxes_on, deadline_of, form_on
from isaf.returns.rules import BY_HAND, NO_CODE, Confidence, Rule, rules_on
from isaf.returns.standing import Counted, ReturnState
from isaf.selectors import differences, returns
from isaf.selectors.returns import Breakdown
from isaf.words import returns as words
from representation.types import Acting

APART = (
    Counted.UNMAPPED,
    Counted.EXCLUDED,
    Counted.POSTPONED,
    Counted.UNPAID,
    Counted.LEFT_OUT,
    Counted.CANCELLED,
)
"""What is in no box, in the order in which it wants looking at."""

RESULT = "36"


@dataclass(frozen=True, slots=True)
class ShownBox:
    """A box as the form shows it, with what stands beside it."""

    box: Box
    shown: int
    exact: Decimal
    compared: Sequence[Compared]
    url: str
    has_check: bool

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return words.box_name(self.box)

    @property
    def is_percent(self) -> bool:
        """Whether it holds a percentage."""
        return self.box.kind is BoxKind.PERCENT


@dataclass(frozen=True, slots=True)
class ShownFiled:
    """Where a version stands at EDS, in words."""

    word: Any
    tone: str
    at: datetime
    said: str
    address: str


class ReturnPage:
    """One version of a return as its page shows it."""

    def __init__(
        self,
        found: PreliminaryReturn,
        version: ReturnVersion | None,
        acting: Acting | None = None,
    ) -> None:
        self.found = found
        self.version = version
        self.acting = acting
        self.compared = Comparisons(found, version)

    @property
    def form(self) -> Form:
        """The version of the form."""
        return form_on(FormName(self.found.form), self.found.start)

    @cached_property
    def breakdown(self) -> Breakdown:
        """What its rows come to."""
        assert self.version  # noqa: S101 - pages of what is not computed do not ask
        return returns.breakdown_of(self.version)

    @cached_property
    def filled(self) -> Mapping[str, Filled]:
        """The boxes; as kept where the rows of the version are gone."""
        assert self.version  # noqa: S101 - as above
        return self.breakdown.filled(self.found.start, self.version.percent)

    @property
    def form_word(self) -> Any:
        """What the form is."""
        return words.FORMS[FormName(self.found.form)]

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return bool(self.version and not self.version.confirmed_at and self.is_newest)

    @property
    def versions(self) -> Sequence[ReturnVersion]:
        """Every version, the newest first."""
        return self.compared.versions

    @property
    def columns(self) -> int:
        """How many columns the form is shown in."""
        return 3 + len(self.compared.columns)

    @property
    def has_rows(self) -> bool:
        """Whether the rows behind the version are kept, so that it can be taken away."""
        return bool(self.version and (self.is_newest or self.version.stays))

    @property
    def downloads(self) -> Iterator[tuple[str, str]]:
        """The files the version can be taken away as."""
        number = self.version.number if self.version else 0
        for label, view, form in (
            ("PDF", "return-export", "pdf"),
            (_("Boxes, XLSX"), "return-boxes-export", "xlsx"),
            (_("Rows, XLSX"), "return-export", "xlsx"),
            ("FFData", "return-export", "ffdata"),
        ):
            url = reverse(f"isaf:{view}", args=[self.found.pk, form])
            yield label, f"{url}?version={number}"

    @property
    def is_newest(self) -> bool:
        """Whether no later version was computed."""
        return bool(self.version and self.versions[0].pk == self.version.pk)

    @property
    def is_list(self) -> bool:
        """Whether it is FR0564."""
        return self.found.form == FormName.LIST

    @property
    def has_settings(self) -> bool:
        """Whether there is anything to set: of a first list there is not."""
        return self.is_draft and bool(not self.is_list or (self.version and self.version.corrects))

    @cached_property
    def filed(self) -> ShownFiled | None:
        """Where the version stands at EDS; None when it was not handed over."""
        office = filing.office()
        if office is None or self.version is None or not self.version.confirmed_at:
            return None
        told = office.filed(self.found.taxpayer_id, subject_of(self.version))
        if told is None:
            return None
        word, tone = words.FILED[told.state]
        return ShownFiled(word, tone, told.at, told.said, told.address)

    @property
    def state_word(self) -> Any:
        """How far it is."""
        if self.version and self.version.confirmed_at and self.found.state == ReturnState.READY:
            return _("Confirmed")
        return words.STATES[ReturnState(self.found.state)]

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return tone_of(self.found, self.version)

    @property
    def waits_for(self) -> Sequence[str]:
        """Which registers of which days are missing."""
        registers = returns.counting_registers(self.found.taxpayer_id, self.found.period)
        missing = returns.missing_days(self.found.period, registers)
        return [f"{words.REGISTERS[type_]}, {period_name(days)}" for type_, days in missing.items()]

    @cached_property
    def checks(self) -> Sequence[Check]:
        """What the checks of the form find."""
        if self.found.form != FormName.RETURN:
            return []
        return checks_of({number: one.shown for number, one in self.filled.items()})

    @property
    def told_checks(self) -> Iterator[dict[str, Any]]:
        """The same in words, with the boxes to open."""
        for check in self.checks:
            yield {
                "number": check.number,
                "word": words.CHECKS[check.number],
                "tone": "danger" if check.severity == Severity.ERROR else "warning",
                "boxes": [(box, self.box_url(box)) for box in check.boxes if box in self.filled],
            }

    @property
    def sections(self) -> Iterator[tuple[Any, Sequence[ShownBox]]]:
        """The form as on paper: its sections with their boxes."""
        rows: dict[str, list[ShownBox]] = {}
        for number, filled in self.filled.items():
            rows.setdefault(filled.box.section, []).append(self._shown(number, filled))
        for section, boxes in rows.items():
            yield words.SECTIONS[section], boxes

    @property
    def told_boxes(self) -> Iterator[ShownBox]:
        """The boxes that hold anything."""
        for _title, boxes in self.sections if self.found.form == FormName.RETURN else ():
            yield from (one for one in boxes if one.shown or one.box.number == RESULT)

    @property
    def result(self) -> int:
        """Box 36: to be paid, or less than nought to be refunded."""
        return self.filled[RESULT].shown

    @property
    def result_told(self) -> str:
        """The same without its sign, in whole euros."""
        return f"{count(abs(self.result))} €"

    @property
    def due_told(self) -> str:
        """Until when it is filed and paid."""
        until = deadline_of(self.found.period)
        return _("Filed and paid until %(day)s") % {"day": until.isoformat()}

    @cached_property
    def stake(self) -> Decimal:
        """VAT deducted that the sellers have not declared so, by the live cross-check."""
        if self.acting is None or not self.acting.may("isaf.crosscheck"):
            return ZERO
        months = differences.months_of(self.acting, self.found.period)
        return sum((month.undeclared for month in months), ZERO)

    @property
    def stake_url(self) -> str:
        """Where the cross-check tells of it."""
        return f"{reverse('isaf:differences')}?period={self.found.period.code}"

    @property
    def checks_tone(self) -> str:
        """How grave what the checks found is."""
        if any(check.severity == Severity.ERROR for check in self.checks):
            return "danger"
        return "warning" if self.checks else ""

    @property
    def checks_hint(self) -> str:
        """The same in words."""
        return _("See below what they found") if self.checks else _("Nothing found")

    @property
    def has_apart(self) -> bool:
        """Whether anything is in no box or doubtful."""
        return bool(self.breakdown.apart) or any(True for _one in self.doubtful)

    @property
    def apart(self) -> Iterator[dict[str, Any]]:
        """What is in no box, by why."""
        for standing in APART:
            sums = sum(self.breakdown.apart.get(standing, {}).values(), Sums())
            if sums.rows:
                yield {
                    "word": words.COUNTED[standing],
                    "rows": sums.rows,
                    "taxable": sums.taxable,
                    "vat": sums.vat,
                    "url": reverse("isaf:return-apart", args=[self.found.pk, standing]),
                }

    @property
    def doubtful(self) -> Iterator[dict[str, Any]]:
        """Counted rows whose rule is doubtful."""
        rules = rules_on(self.found.start)
        for name, sums in self.breakdown.counted.items():
            if rules[name].confidence is Confidence.DOUBTFUL:
                yield {"rule": rule_name(rules[name]), "sums": sums, "url": self._rule_url(name)}

    @cached_property
    def lines(self) -> Sequence[ReturnLine]:
        """What was put in beside the registers."""
        return returns.lines_of(self.found)

    @property
    def told_lines(self) -> Iterator[dict[str, Any]]:
        """The same in words."""
        rules = rules_on(self.found.start)
        for line in self.lines:
            rule = rules.get(line.rule)
            yield {
                "line": line,
                "rule": rule_name(rule) if rule else line.rule,
                "source": words.SOURCES[line.source],  # type: ignore[index]  # a LineSource
            }

    @property
    def series(self) -> list[dict[str, Any]]:
        """What the chart shows."""
        boxes = boxes_on(self.found.start)
        return [{"name": f"{number} {words.box_name(boxes[number])}"} for number in ("35", RESULT)]

    @property
    def chart(self) -> list[dict[str, Any]]:
        """The result and the deduction over time, the oldest first."""
        told = [
            one for one in (*reversed(self.compared.history), self.found) if returns.boxes_of(one)
        ]
        return [
            {
                "label": period_name(one.period),
                "values": [returns.boxes_of(one).get(box, 0) for box in ("35", RESULT)],
            }
            for one in told
        ]

    def box_url(self, number: str) -> str:
        """Return the address of a box."""
        return reverse("isaf:return-box", args=[self.found.pk, number])

    def _rule_url(self, name: str) -> str:
        rule = rules_on(self.found.start)[name]
        return f"{self.box_url(rule.boxes[0])}?rule={name}"

    def _shown(self, number: str, filled: Filled) -> ShownBox:
        assert self.version  # noqa: S101 - as above
        checked = {box for check in self.checks for box in check.boxes}
        return ShownBox(
            box=filled.box,
            shown=filled.shown,
            exact=filled.exact,
            compared=[one.beside(number, filled.shown) for one in self.compared.columns],
            url=self.box_url(number) if filled.box.kind is not BoxKind.PERCENT else "",
            has_check=number in checked,
        )


class ReturnRow:
    """A return in the list of returns."""

    def __init__(self, found: PreliminaryReturn) -> None:
        self.found = found
        self.version = next(iter(found.versions.all()), None)

    @property
    def form_word(self) -> Any:
        """What the form is."""
        return words.FORMS[FormName(self.found.form)]

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return tone_of(self.found, self.version)

    @property
    def state_word(self) -> Any:
        """How far it is."""
        return ReturnPage(self.found, self.version).state_word

    @property
    def result(self) -> int | None:
        """Box 36 of a VAT return that is computed."""
        return self.version.boxes.get(RESULT) if self.version else None


def tone_of(found: PreliminaryReturn, version: ReturnVersion | None) -> str:
    """Return the tone of a return's state."""
    if found.state == ReturnState.READY:
        return "success" if version and version.confirmed_at else "info"
    tones = {ReturnState.WAITING: "neutral", ReturnState.DUE: "progress"}
    return tones.get(ReturnState(found.state), "danger")


def rule_name(rule: Rule) -> str:
    """Return a rule in words: the code and the side it stands on."""
    if rule.side == BY_HAND:
        return _("Box %(box)s, by hand") % {"box": rule.code}
    code = _("no code, from a Lithuanian VAT payer") if rule.code == NO_CODE else rule.code
    return f"{code}, {words.SIDES[rule.side]}"
