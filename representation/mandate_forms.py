"""Input of the pages where mandates are offered, passed on and asked for."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.kernel.identifiers import personal_code_is_valid
from imas.web.countries import country_choices
from representation.forms import RepresentativeForm
from representation.models import DEEPEST
from representation.rights import EVERY_RIGHT
from representation.services import NewPerson, Terms


class TermsForm(RepresentativeForm):
    """The rights, the last day, and how many times they may be passed on."""

    passing_on = forms.TypedChoiceField(
        label=_("Passing on"),
        coerce=int,
        choices=(),
        help_text=_("A firm needs it for its employees: its head has the rights anyway."),
    )

    def __init__(
        self, rights: frozenset[str], *args: Any, deepest: int = DEEPEST, **kwargs: Any
    ) -> None:
        super().__init__(rights, *args, **kwargs)
        self.fields["rights"].required = True
        self.fields["until"].initial = clock.today() + timedelta(days=settings.MANDATE_DAYS)
        depths = [(0, gettext("may not be passed on"))]
        for depth in range(1, deepest + 1):
            words = ngettext("%(count)s time", "%(count)s times", depth)
            depths.append((depth, words % {"count": depth}))
        self.fields["passing_on"].choices = depths  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """Return what was typed."""
        typed = self.cleaned_data
        return Terms(typed["rights"], typed["until"], typed["passing_on"], self.narrowing())


_KNOWN_BY = {
    "person": ("name", "personal_code", "email"),
    "foreigner": ("name", "country", "foreign_code", "email"),
    "firm": ("firm_code",),
}


class NewRepresentativeForm(TermsForm):
    """A representative, person or firm, and what is given."""

    holder = forms.ChoiceField(
        label=_("Representative"),
        choices=[
            ("person", _("a person")),
            ("foreigner", _("a person without a Lithuanian personal code")),
            ("firm", _("a legal person")),
        ],
        initial="person",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("First and last name"), max_length=200, required=False)
    personal_code = forms.CharField(
        label=_("Personal code"),
        max_length=20,
        required=False,
        help_text=_("Only the person with this code can accept."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=(),
        required=False,
        help_text=_("Only of a person without a Lithuanian personal code."),
    )
    foreign_code = forms.CharField(
        label=_("Identifier given by the country"),
        max_length=64,
        required=False,
        help_text=_("The one by which the person has become a user of i.MAS, or applies to."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("A link that confirms the mandate is sent there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    firm_code = forms.CharField(
        label=_("Code of the legal person"),
        max_length=32,
        required=False,
        help_text=_("Its head sees the offer in i.MAS and accepts it there."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    field_order = [
        "holder",
        "name",
        "personal_code",
        "country",
        "foreign_code",
        "email",
        "firm_code",
        "rights",
        "until",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", ""), *country_choices()]  # type: ignore[attr-defined]
        for name in set().union(*_KNOWN_BY.values()):
            # The style sheet hides what the chosen sort is not known by; what is shown is demanded.
            sorts = " ".join(sort for sort, names in _KNOWN_BY.items() if name in names)
            widget = self.fields[name].widget
            widget.attrs["data-for"], widget.is_required = sorts, True

    def clean(self) -> None:
        """Demand what the chosen sort of representative is known by."""
        super().clean()
        typed = self.cleaned_data
        holder = typed.get("holder", "person")
        for name in _KNOWN_BY[holder]:
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, _("This field is required."))
        code = typed.get("personal_code", "").strip()
        if code and holder == "person" and not personal_code_is_valid(code):
            self.add_error("personal_code", _("This is not a personal code."))

    def representative(self) -> NewPerson | str:
        """Return whom the form names."""
        typed = self.cleaned_data
        if typed["holder"] == "firm":
            return str(typed["firm_code"])
        if typed["holder"] == "foreigner":
            named = {name: typed[name] for name in ("country", "foreign_code")}
            return NewPerson(typed["name"], "", typed["email"], **named)
        return NewPerson(typed["name"], typed["personal_code"], typed["email"])


class RequestForm(TermsForm):
    """Whom to ask for a mandate, in whose name, and for what."""

    code = forms.CharField(label=_("Code of the taxpayer"), max_length=32)
    holder = forms.ChoiceField(label=_("For whom"), choices=(), widget=forms.RadioSelect)
    field_order = ["holder", "code", "rights", "until"]

    def __init__(self, holders: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(EVERY_RIGHT, *args, **kwargs)
        self.fields["holder"].choices = holders  # type: ignore[attr-defined]
        self.fields["holder"].initial = holders[0][0]
