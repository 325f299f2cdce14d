"""Input of the mailbox."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from imas.web.fields import DayField
from imas.web.filters import SearchField
from mailbox.happenings import known
from mailbox.selectors import Wanted, subsystem_words
from mailbox.services import REMINDER_DAYS
from mailbox.types import NoticeMode

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

VIEWS = {"": _("All"), "unread": _("Unread"), "archive": _("Archive")}


class FilterForm(forms.Form):
    """Which messages to show; the subsystem is chosen by the tabs."""

    subsystem = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    q = SearchField(label=_("Search"))
    view = forms.ChoiceField(
        label=pgettext_lazy("which messages", "Show"), choices=list(VIEWS.items()), required=False
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def wanted(self) -> Wanted:
        """What was asked for; what makes no sense is not asked for."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            view=asked.get("view", ""),
            subsystem=asked.get("subsystem", ""),
            text=asked.get("q", ""),
            since=asked.get("since"),
            until=asked.get("until"),
        )


class _Ids(forms.TypedMultipleChoiceField):
    """Ids of whatever is there; whose they are is the service's question."""

    def valid_value(self, value: str) -> bool:
        """Take anything that is an id."""
        try:
            UUID(value)
        except ValueError:
            return False
        return True


class ManyForm(forms.Form):
    """The messages chosen in a list, and the filters of that list."""

    message = _Ids(coerce=UUID)
    back = forms.CharField(required=False, max_length=500)

    def way_back(self) -> str:
        """Return the address of the list as it was filtered."""
        query = self.cleaned_data.get("back", "")
        return f"{reverse('mailbox:messages')}{'?' if query else ''}{query}"


class NoticesForm(forms.Form):
    """When a person is told of the messages of each subsystem."""

    def __init__(self, chosen: Mapping[str, NoticeMode], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for subsystem, mode in chosen.items():
            self.fields[subsystem] = forms.ChoiceField(
                label=subsystem_words(subsystem),
                initial=mode,
                choices=[(one.value, words) for one, words in _offered(subsystem)],
            )

    def modes(self) -> dict[str, NoticeMode]:
        """Return what was chosen, by subsystem."""
        return {name: NoticeMode(mode) for name, mode in self.cleaned_data.items()}


def _offered(subsystem: str) -> "Iterator[tuple[NoticeMode, _StrOrPromise]]":
    yield NoticeMode.AT_ONCE, _("At once")
    hour = f"{settings.NOTICE_DIGEST_HOUR}:00"
    yield NoticeMode.DAILY, _("Once a day, at %(hour)s") % {"hour": hour}
    if subsystem in settings.NOTICE_OPTIONAL_SUBSYSTEMS:
        yield NoticeMode.NONE, _("No e-mail")


class SnoozeForm(forms.Form):
    """A deadline and for how many days it is put off."""

    key = forms.CharField(max_length=100)
    days = forms.IntegerField()


class ReminderForm(forms.Form):
    """How many days before a deadline the person is reminded."""

    days = forms.TypedChoiceField(label=_("Remind me"), coerce=int, choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, _days_before(days)) for days in REMINDER_DAYS
        ]


def _days_before(days: int) -> str:
    words = ngettext("%(count)s day before", "%(count)s days before", days)
    return words % {"count": days}


class EndpointForm(forms.Form):
    """Where a program waits to be told of events, and of which ones."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("For example, the name of your program.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https, on the open internet; redirects are not followed."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    codes = forms.MultipleChoiceField(
        label=_("Events"), choices=(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, rights: frozenset[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, one.words) for code, one in known().items() if one.right in rights]
        self.fields["codes"].choices = offered  # type: ignore[attr-defined]
