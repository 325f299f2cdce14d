"""Input of the phone view: what drivers and consignees do; shape only."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web.filters import SearchField
from imas.web.templatetags.imas import shown_quantity
from ivaz.forms.acts import ReceiveForm, ReloadForm, accepted
from ivaz.rules import quantity
from ivaz.services.phoning import Press, Told
from ivaz.services.reloading import Reload
from ivaz.types import Act, Conclusion, Content, Section

PHONE_ACTS = (Act.ACCEPT, Act.DELIVER, Act.RECEIVE, Act.RELOAD)
"""What the phone view offers; everything else is done at a desk."""

_OF_THE_PRESS = frozenset({"csrfmiddlewaretoken", "key", "owner"})


class PlateForm(forms.Form):
    """Which vehicle."""

    plate = SearchField(label=_("Plate of the vehicle"), max_length=20)


class PressForm(forms.Form):
    """What a phone tells of an act beside the act itself."""

    key = forms.UUIDField()
    owner = forms.CharField(max_length=64)
    pressed_at = forms.DateTimeField(required=False)

    def press(self) -> Press:
        """Return the press of a form that is valid."""
        told = self.cleaned_data
        return Press(told["key"], told["owner"], _digest(self.data), told["pressed_at"])


class CountForm(ReceiveForm):
    """What was received, as it was counted: the differences follow from it."""

    def __init__(self, lines: list[Content], given: Any = None, initial: Any = None) -> None:
        super().__init__(lines, given, initial)
        self._told = {f"{line['ProductLineNumber']}": quantity(line["Quantity"]) for line in lines}
        self._names = {
            f"{line['ProductLineNumber']}": (
                f"{line['ProductLineNumber']}. {line['ProductDescription']}",
                f"{shown_quantity(line['Quantity'])} {line['UnitOfMeasure']}",
            )
            for line in lines
        }
        for number, told in self._told.items():
            self._ask_count(number, told)

    def clean(self) -> dict[str, Any]:
        """Tell differences; they cannot be with a receipt that has nothing to remark."""
        asked = self.cleaned_data
        for number, told in self._told.items():
            counted = asked.get(f"received-{number}")
            asked[f"difference-{number}"] = None if counted is None else counted - told
        remarks = any(value for name, value in asked.items() if name.startswith(_REMARKS))
        if remarks and asked.get("conclusion") == Conclusion.SATISFACTORY:
            self.add_error(
                "conclusion", _("A line differs or is refused: choose what fits, with remarks.")
            )
        return asked

    def _ask_count(self, number: str, told: Decimal) -> None:
        """Ask how much came, before how much of it is refused."""
        name, amount = self._names[number]
        del self.fields[f"difference-{number}"]
        refused = self.fields.pop(f"refused-{number}")
        self.fields[f"received-{number}"] = forms.DecimalField(
            label=_("%(line)s: received") % {"line": name},
            help_text=_("Told: %(amount)s") % {"amount": amount},
            max_digits=10,
            decimal_places=3,
            min_value=0,
            initial=f"{told.normalize():f}",
            localize=True,
        )
        self.fields[f"refused-{number}"] = refused


_REMARKS = ("difference-", "refused-")


def act_form(act: Act, lines: list[Content], given: Any = None) -> forms.Form:
    """Return the form of an act; its fields have ids of its own, for all stand on one page."""
    form: forms.Form
    if act is Act.RECEIVE:
        form = CountForm(lines, given, {"day": f"{clock.today()}"})
    elif act is Act.RELOAD:
        form = ReloadForm(given)
    else:
        form = forms.Form(given if given is not None else None)
    form.auto_id = f"{act}-%s"
    return form


def told_by(act: Act, rn: str, form: Any, press: Press) -> Told:
    """Return what the form of an act says; the goods are taken over on the day of the press."""
    if act is Act.DELIVER:
        return None
    if act is Act.RELOAD:
        reload: Reload = form.told
        return reload
    if act is Act.RECEIVE:
        return Section.RECEIPT, form.content(rn)
    day = (press.moment or clock.now()).astimezone(clock.VILNIUS).date()
    return Section.RECEIPT, accepted(rn, day.isoformat())


def _digest(given: Mapping[str, Any]) -> str:
    """Return a digest of what is asked for."""
    told = QueryDict(mutable=True)
    for name in sorted(set(given) - _OF_THE_PRESS):
        values = given.getlist(name) if isinstance(given, QueryDict) else [given[name]]
        told.setlist(name, values)
    return hashlib.sha256(told.urlencode().encode()).hexdigest()
