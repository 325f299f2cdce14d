"""The page of one deal: its pairs, what they were, and what the two sides say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from imas.web.templatetags.imas import amount
from isaf.forms.deals import MarkForm, WordsForm
from isaf.matching import Field, SeenState
from isaf.models import MARKS, Deal, DealEntry, DealPair, Register
from isaf.selectors import deals, entries
from isaf.selectors.deals import TALKED_OF, Became
from isaf.selectors.explanations import explain
from isaf.selectors.pairs import SeenPair
from isaf.services import dealing
from isaf.tables.crosscheck import ShownPair, shown
from isaf.types import EntryKind, InvoiceType, RegisterType
from isaf.words import crosscheck as words
from isaf.words.registers import INVOICE_TYPES
from representation.types import Acting


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said, as the page shows it; `values` are data proposed, in words."""

    who: str
    is_ours: bool
    at: datetime
    kind: str
    word: Any
    tone: str
    text: str
    values: list[tuple[Any, str]]


class DealPage:
    """A deal as one of its sides sees it; `words_form` and `mark_form` hold what was mistyped."""

    def __init__(
        self,
        acting: Acting,
        key: int,
        *,
        words_form: WordsForm | None = None,
        mark_form: MarkForm | None = None,
    ) -> None:
        self.acting = acting
        self.key = key
        self.seen = deals.find_seen(acting, key)
        self._words_form = words_form
        self._mark_form = mark_form

    @cached_property
    def pairs(self) -> list[ShownPair]:
        """The pairs of it, ours and theirs side by side; none when both sides took theirs back."""
        return [shown(pair) for pair in self.seen]

    @cached_property
    def live(self) -> list[DealPair]:
        """The rows of the pairs, for what both sides share of them."""
        wanted = {(pair.match_key, pair.period_start, pair.nth) for pair in self.seen}
        found = DealPair.objects.filter(match_key__in={key for key, *_ in wanted})
        return [row for row in found if (row.match_key, row.period_start, row.nth) in wanted]

    @cached_property
    def keys(self) -> list[int]:
        """Every key the deal goes by or went by."""
        known = {self.key, *(pair.match_key for pair in self.live)}
        known |= {pair.near_key for pair in self.live if pair.near_key is not None}
        spoken = deals.deal_of(self.acting, known)
        return sorted(known | set(spoken.keys if spoken else ()))

    @cached_property
    def deal(self) -> Deal | None:
        """What is said of it, if anything is."""
        return deals.deal_of(self.acting, self.keys)

    @property
    def first(self) -> SeenPair | None:
        """The pair that is talked of: the first both sides see."""
        return next((pair for pair in self.seen if pair.state in TALKED_OF), None)

    @property
    def number(self) -> str:
        """The number of the invoice, ours where we tell one."""
        told = next((side for pair in self.seen for side in (pair.ours, pair.theirs) if side), None)
        return told.number if told else ""

    @property
    def counterparty(self) -> str:
        """The name of the other side."""
        if self.pairs:
            return self.pairs[0].name or self.pairs[0].vat_code
        return self.deal.other_than(self.acting.taxpayer_id).name if self.deal else ""

    @property
    def is_shared(self) -> bool:
        """Whether the other side sees it too and so may be talked to."""
        pair = self.first
        return pair is not None and any(
            row.seller_id is not None and row.buyer_id is not None for row in self.live
        )

    @property
    def may_propose(self) -> bool:
        """Whether our data could be proposed to the other side."""
        return self.first is not None and dealing.may_propose(self.first)

    @property
    def buys(self) -> bool:
        """Whether we are the buyer, whose marks these are."""
        return self.first is not None and self.first.side == "P"

    @cached_property
    def said(self) -> list[Said]:
        """Everything said, the earliest first."""
        return [self._said(entry) for entry in self.entries]

    @property
    def mark(self) -> Said | None:
        """The buyer's mark as it stands, if there is one."""
        entry = deals.mark_of(self.entries)
        return self._said(entry) if entry and entry.kind != EntryKind.UNMARKED else None

    @cached_property
    def words_form(self) -> WordsForm:
        """What is to be said next."""
        return self._words_form or WordsForm()

    @cached_property
    def mark_form(self) -> MarkForm:
        """The buyer's mark to be set."""
        entry = deals.mark_of(self.entries)
        return self._mark_form or MarkForm(marked=entry.kind if entry else EntryKind.UNMARKED)

    @property
    def became(self) -> Iterator[Became]:
        """When the deal came to be what it is and was, the newest first."""
        since = {(row.match_key, row.period_start, row.nth): row.since for row in self.live}
        for pair in self.seen:
            at = since[pair.match_key, pair.period_start, pair.nth]
            yield Became(SeenState(pair.state), pair.fields, at)
        yield from deals.past_of(self.acting, self.keys)

    @property
    def history(self) -> Iterator[dict[str, Any]]:
        """The same as a page shows it."""
        for was in self.became:
            day = was.since.date()
            differing = ", ".join(words.field_word(field, day) for field in was.fields)
            tone, title = words.TONES[was.state], words.state_word(was.state, day)
            yield {"at": was.since, "title": title, "text": differing, "tone": tone}

    @cached_property
    def explanation(self) -> str:
        """What the missing invoice may be; empty where nothing is found."""
        parties = deals.parties_of(self.first) if self.first else None
        if self.first is None or parties is None:
            return ""
        found = explain(self.first, parties)
        told = {"numbers": ", ".join(found.pieces), "number": found.whole}
        ours = self.first.ours is not None
        if found.other_buyer:
            return str(words.OTHER_BUYER[self.first.side, ours])
        if found.counted_in:
            corrected = {"number": found.counted_in}
            return (words.COUNTED_IN_BY_THEM if ours else words.COUNTED_IN_BY_US) % corrected
        if found.whole:
            return (words.PIECE_OF_THEIRS if ours else words.PIECE_OF_OURS) % told
        if found.pieces:
            return (words.PIECES_OF_THEIRS if ours else words.PIECES_OF_OURS) % told
        return ""

    @cached_property
    def correction(self) -> tuple[str, str] | None:
        """Where our register is put right, and what to press; None where we need not or cannot."""
        pair = self.first
        if pair is None or pair.state in {SeenState.MATCHED, SeenState.MISSING_AT_COUNTERPARTY}:
            return None
        if pair.ours is None:
            return self._entering(pair)
        return self._row(pair)

    def _entering(self, pair: SeenPair) -> tuple[str, str] | None:
        if not self.acting.may("isaf.upload"):
            return None
        type_ = RegisterType.SALES if pair.side == "S" else RegisterType.PURCHASE
        held = Register.objects.of_taxpayer(self.acting.taxpayer_id).filter(type=type_)
        register = held.filter(current=True, start__lte=pair.month, end__gte=pair.month).first()
        if register is None:
            return None
        address = reverse("isaf:entry", args=[register.period, type_])
        return address, _("Enter it in your register")

    def _row(self, pair: SeenPair) -> tuple[str, str] | None:
        if not (pair.ours and pair.source):
            return None
        register = Register.objects.get(number=pair.source)
        entered = entries.entry_of_number(
            self.acting, register.period, RegisterType(register.type), pair.ours.number
        )
        if entered and self.acting.may("isaf.upload"):
            sheet = [register.period, RegisterType(register.type), entered.pk]
            return reverse("isaf:entry-row", args=sheet), _("Correct it in your register")
        if not self.acting.may("isaf.view"):
            return None
        place = [pair.source, pair.our_part, pair.our_position]
        return reverse("isaf:invoice", args=place), _("Open it in your register")

    @cached_property
    def entries(self) -> list[DealEntry]:
        """The same as it is kept."""
        return list(self.deal.entries.all()) if self.deal else []

    def _said(self, entry: DealEntry) -> Said:
        deal = entry.deal
        is_ours = entry.side == deal.side_of(self.acting.taxpayer_id)
        author = f" ({entry.author})" if is_ours and entry.author else ""
        name = self.acting.taxpayer_name if is_ours else self.counterparty
        kind = EntryKind(entry.kind)
        return Said(
            who=f"{name}{author}",
            is_ours=is_ours,
            at=entry.at,
            kind=kind,
            word=words.MARKS[kind] if kind in MARKS else "",
            tone=words.MARK_TONES.get(kind, "neutral"),
            text=entry.text,
            values=[_value(name, value, entry.at.date()) for name, value in entry.values.items()],
        )


def _value(name: str, value: str, day: date) -> tuple[Any, str]:
    if name == "number":
        return _("Number"), value
    word = words.field_word(_FIELDS[name], day)
    if name == "type":
        return word, str(INVOICE_TYPES[InvoiceType(value)])
    return word, amount(Decimal(value)) if name in {"taxable", "vat"} else value


_FIELDS = {
    "issued": Field.ISSUED,
    "type": Field.TYPE,
    "taxable": Field.TAXABLE,
    "vat": Field.VAT,
    "codes": Field.CODE,
}
