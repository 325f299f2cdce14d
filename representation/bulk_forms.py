"""Input of the pages where a firm passes on many mandates at once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.kernel.identifiers import personal_code_is_valid
from imas.web.filters import SearchField
from representation.forms import RepresentativeForm
from representation.matrix import MatrixQuery
from representation.models import Mandate
from representation.rights import RIGHTS
from representation.services import Addressee, NewPerson, Order, Terms, as_far_as_held

_PARTS = 3


class PeopleField(forms.CharField):
    """People, one on a line: name, personal code, e-mail address; the value is a list of them."""

    def __init__(self) -> None:
        super().__init__(
            label=_("New people"),
            required=False,
            max_length=20_000,
            help_text=_(
                "One on a line: first and last name; personal code; e-mail address. Rows can be "
                "pasted from a spreadsheet."
            ),
            widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self, value: Any) -> list[NewPerson]:
        """Return the people; a line that names nobody is refused by its number."""
        lines = super().clean(value).splitlines()
        return [_person(number, line) for number, line in enumerate(lines, 1) if line.strip()]


class BulkForm(RepresentativeForm):
    """Which clients' mandates, to whom, and what of them."""

    every_client = forms.BooleanField(label=_("All clients in the list below"), required=False)
    clients = forms.MultipleChoiceField(
        label=_("Clients"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    known = forms.MultipleChoiceField(
        label=_("People you have passed mandates on to before"),
        choices=(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = PeopleField()
    field_order = ["every_client", "clients", "known", "people", "rights", "until"]

    def __init__(
        self,
        held: Sequence[Mandate],
        people: Mapping[UUID, Addressee],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        rights = frozenset(right for mandate in held for right in mandate.rights)
        super().__init__(rights, *args, **kwargs)
        self._held = {str(one.pk): one for one in held}
        self._people = {str(key): person for key, person in people.items()}
        self.fields["rights"].required = True
        self.fields["rights"].help_text = _(
            "Of each client those are passed on that the client has given to the firm."
        )
        self.fields["until"].initial = clock.today() + timedelta(days=settings.MANDATE_DAYS)
        clients = [(key, _named(one)) for key, one in self._held.items()]
        self.fields["clients"].choices = clients  # type: ignore[attr-defined]
        known = [
            (key, ", ".join(filter(None, (one.name, one.email))))
            for key, one in self._people.items()
        ]
        self.fields["known"].choices = known  # type: ignore[attr-defined]
        if not known:
            del self.fields["known"]

    def clean(self) -> None:
        """Demand a client and somebody."""
        super().clean()
        typed = self.cleaned_data
        if not typed.get("every_client") and not typed.get("clients"):
            self.add_error("clients", _("Tick at least one client."))
        if not typed.get("known") and not typed.get("people") and "people" not in self.errors:
            self.add_error("people", _("Tick or enter at least one person."))

    def orders(self) -> list[Order]:
        """Return every client × person; of each client as much as the firm holds."""
        typed = self.cleaned_data
        terms = Terms(typed["rights"], typed["until"], narrowing=self.narrowing())
        people = {
            one.fingerprint: one
            for one in (
                *(self._people[key] for key in typed.get("known", ())),
                *map(Addressee.of, typed["people"]),
            )
        }
        chosen = [
            one
            for key, one in self._held.items()
            if typed["every_client"] or key in typed["clients"]
        ]
        return [
            Order(above.pk, person, as_far_as_held(above, terms))
            for person in people.values()
            for above in chosen
        ]


class MandateListForm(forms.Form):
    """A list of mandates to be passed on."""

    document = forms.FileField(
        label=_("List"),
        help_text=_("A CSV file in UTF-8 or an XLSX workbook; its first sheet is read."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class CheckedForm(forms.Form):
    """What was looked at and is now to be done."""

    leave_out = forms.BooleanField(label=_("Leave out what is refused"), required=False)


class CheckedListForm(CheckedForm):
    """The same, with the rows of a list."""

    rows = forms.CharField(widget=forms.HiddenInput, max_length=1_000_000, strip=False)


class MatrixForm(forms.Form):
    """Which people, clients and rights to show."""

    client = SearchField(label=_("Client: name or code"))
    person = forms.ChoiceField(label=_("Person"), choices=(), required=False)
    right = forms.ChoiceField(label=_("Right"), choices=(), required=False)

    def __init__(self, people: Mapping[UUID, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext("All"))
        names = [(str(key), name) for key, name in people.items()]
        self.fields["person"].choices = [every, *names]  # type: ignore[attr-defined]
        self.fields["right"].choices = [every, *RIGHTS.items()]  # type: ignore[attr-defined]

    @property
    def query(self) -> MatrixQuery:
        """Return what is asked for; a field that is wrong asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        person = asked.get("person")
        return MatrixQuery(
            client=asked.get("client", ""),
            person=UUID(person) if person else None,
            right=asked.get("right", ""),
        )


def _named(mandate: Mandate) -> str:
    return f"{mandate.taxpayer.name}, {mandate.taxpayer.code}"


def _person(number: int, line: str) -> NewPerson:
    parts = [part.strip() for part in line.replace("\t", ";").split(";")]
    if len(parts) != _PARTS or not all(parts):
        words = gettext("Line %(line)s: a name, a personal code and an e-mail address are needed.")
        raise ValidationError(words % {"line": number})
    name, code, email = parts
    if not personal_code_is_valid(code):
        words = gettext("Line %(line)s: this is not a personal code.")
        raise ValidationError(words % {"line": number})
    try:
        validate_email(email)
    except ValidationError:
        words = gettext("Line %(line)s: this is not an e-mail address.")
        raise ValidationError(words % {"line": number}) from None
    return NewPerson(name[:200], code, email)
