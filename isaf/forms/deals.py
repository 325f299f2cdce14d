"""Input of what is said of a deal; shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from isaf.types import EntryKind
from isaf.words.crosscheck import MARKS

_LONGEST = 2000


class WordsForm(forms.Form):
    """Words to the counterparty; without them only where our data are proposed."""

    text = forms.CharField(
        label=_("Message"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, is_proposal: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_proposal = is_proposal
        self.fields["text"].required = not is_proposal


class MarkForm(forms.Form):
    """The buyer's mark on a seller's invoice."""

    kind = forms.ChoiceField(label=_("Your mark"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The seller reads this. Needed for a dispute and for what is not yours."),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, given: Any = None, *, marked: str = EntryKind.UNMARKED) -> None:
        is_marked = marked != EntryKind.UNMARKED
        super().__init__(given, initial={"kind": marked} if is_marked else None)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (kind, word) for kind, word in MARKS.items() if is_marked or kind != EntryKind.UNMARKED
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where the mark is against the seller."""
        asked = super().clean() or {}
        if asked.get("kind") in {EntryKind.DISPUTED, EntryKind.NOT_MINE} and not asked["reason"]:
            self.add_error("reason", _("Say why the invoice is disputed or not yours."))
        return asked
