"""The pages that open a box, or what is in none, to its codes and invoices."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from imas.kernel.money import ZERO
from imas.web.paging import Page
from isaf.matching import SeenState
from isaf.models import ReturnDecision
from isaf.pages.returns import ReturnPage, rule_name
from isaf.returns.boxes import Sums, given
from isaf.returns.forms import Box, BoxKind
from isaf.returns.rules import Confidence, Rule, rules_on
from isaf.returns.standing import Counted, Deduction, Nature
from isaf.selectors import contributions
from isaf.selectors.contributions import Fed
from isaf.words import crosscheck as crosscheck_words
from isaf.words import returns as words


class RowsPage:
    """The rows of a box, or of what is apart: by rule, one of them opened."""

    def __init__(
        self,
        page: ReturnPage,
        standing: Counted,
        sums: Mapping[str, Sums],
        asked: Mapping[str, str],
        box: Box | None = None,
    ) -> None:
        self.page = page
        self.standing = standing
        self.sums = sums
        self.box = box
        self.cursor = asked.get("at", "")
        wanted = asked.get("rule", "")
        self.rule = wanted if wanted in sums else next(iter(sums), None)

    @property
    def title(self) -> str:
        """What is shown: the box, or why these are in none."""
        if self.box is None:
            return str(words.COUNTED[self.standing])
        return f"{self.box.number}. {words.box_name(self.box)}"

    @property
    def shown(self) -> int:
        """What the box shows."""
        assert self.box  # noqa: S101 - the page asks of boxes alone
        return self.page.filled[self.box.number].shown

    @property
    def exact(self) -> Decimal:
        """The same before rounding."""
        assert self.box  # noqa: S101 - the page asks of boxes alone
        return self.page.filled[self.box.number].exact

    @property
    def rule_word(self) -> str:
        """The rule opened, in words."""
        rule = rules_on(self.page.found.start).get(self.rule or "")
        return rule_name(rule) if rule else _("No rule")

    @property
    def formula(self) -> str:
        """How the box comes to its number, in words."""
        if self.box is None:
            return str(words.MEANINGS[self.standing])
        return words.formula(self.box)

    @property
    def terms(self) -> list[dict[str, Any]]:
        """The boxes a computed one is made of."""
        if self.box is None or self.box.kind is not BoxKind.FORMULA:
            return []
        filled = self.page.filled
        return [
            {
                "sign": "−" if sign < 0 else "+",
                "number": number,
                "name": words.box_name(filled[number].box),
                "shown": filled[number].shown,
                "url": self.page.box_url(number),
            }
            for sign, number in self.box.terms
        ]

    @property
    def rules(self) -> Iterator[dict[str, Any]]:
        """The rules that feed it, each with its sums."""
        known = rules_on(self.page.found.start)
        for name, sums in self.sums.items():
            rule = known.get(name)
            yield {
                "name": rule_name(rule) if rule else _("No rule"),
                "sums": sums,
                "gives": self._gives(rule, sums),
                "confidence": words.CONFIDENCES[rule.confidence] if rule else "",
                "is_doubtful": bool(rule and rule.confidence is Confidence.DOUBTFUL),
                "note": words.note(rule) if rule else "",
                "url": f"?rule={name}",
                "is_current": name == self.rule,
            }

    @cached_property
    def rows(self) -> Page[Fed]:
        """The rows of the rule opened."""
        assert self.page.version  # noqa: S101 - the view asked
        if self.rule is None:
            return Page([])
        return contributions.fed_page(self.page.version, self.standing, self.rule, self.cursor)

    @property
    def shown_rows(self) -> Iterator[dict[str, Any]]:
        """The same with what the cross-check says of each, and what was decided."""
        rows = self.rows.rows
        told = contributions.told_of(self.page.acting, rows) if self.page.acting else {}
        for fed in rows:
            about = told.get((fed.row.part_id, fed.row.position))
            state = about.state if about and fed.invoice else None
            yield {
                "fed": fed,
                "state": self._state_word(state) if state else "",
                "tone": crosscheck_words.TONES[state] if state else "",
                "decided": decided(about.decision) if about and about.decision else "",
            }

    @property
    def can_decide(self) -> bool:
        """Whether anything may be decided on the rows shown."""
        return self.page.is_draft and any(fed.invoice for fed in self.rows.rows)

    def _state_word(self, state: SeenState) -> str:
        return crosscheck_words.state_word(state, self.page.found.start)

    def _gives(self, rule: Rule | None, sums: Sums) -> Decimal:
        assert self.page.version  # noqa: S101 - the view asked
        if rule is None or self.box is None:
            return sums.taxable
        told = given(rule, sums, self.page.version.percent)
        return sum((amount for box, amount in told if box == self.box.number), ZERO)


def decided(decision: ReturnDecision) -> str:
    """Return what was decided on an invoice, in words; empty where it is as usual again."""
    told: list[str] = []
    if decision.counted != Counted.COUNTED:
        told.append(str(words.COUNTED[Counted(decision.counted)]))
    if decision.until:
        told.append(decision.until.strftime("%Y-%m"))
    if decision.deduction == Deduction.SHARE:
        told.append(_("%(share)s per cent deducted") % {"share": decision.share})
    elif decision.deduction != Deduction.USUAL:
        told.append(
            _("Deducted: %(how)s") % {"how": words.DEDUCTIONS[Deduction(decision.deduction)]}
        )
    if decision.nature:
        told.append(str(words.NATURES[Nature(decision.nature)]))
    return ". ".join(filter(None, [", ".join(told), decision.reason]))
