"""Input of the pages where foreign nationals apply and officers decide."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts import scans
from accounts.application_words import KINDS, STATES
from accounts.forms import LANGUAGES
from accounts.models import User
from accounts.models.people import NAME_LENGTH
from accounts.providers.types import Code
from accounts.services import Applicant
from accounts.types import ApplicationState, IdentifierKind
from imas.kernel import clock
from imas.kernel.identifiers import normalise_foreign_code
from imas.web.countries import country_choices
from imas.web.filters import SearchField

_OLDEST = 130
_TYPED_KINDS = [(kind, words) for kind, words in KINDS.items() if kind != IdentifierKind.EIDAS]
_LOGIN_NAME = RegexValidator(
    r"^[a-z0-9][a-z0-9.-]{2,63}$",
    _("Small letters, digits, dots and dashes; at least three characters."),
)


def _name(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=NAME_LENGTH, widget=widget)


class ApplicantForm(forms.Form):
    """What is asked of everybody who applies, also of those whose identity is proved already."""

    born_on = forms.DateField(
        label=_("Date of birth"),
        required=False,
        help_text=_("It helps the officer to tell you from others of the same name."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("A link that confirms the application is sent there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(
        label=_("Language of letters"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    purpose = forms.CharField(
        label=_("What you need i.MAS for"),
        max_length=1000,
        help_text=_(
            "Whom you will represent: the name and the code of the company, and your post."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    scan = forms.FileField(
        label=_("Copy of the document"),
        required=False,
        help_text=_("PDF, PNG or JPEG, up to 5 MB. Only officers see it; it is deleted later."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def clean_born_on(self) -> Any:
        """Refuse a day on which nobody alive was born."""
        born = self.cleaned_data["born_on"]
        today = clock.today()
        if born and not today.year - _OLDEST <= born.year <= today.year:
            raise forms.ValidationError(_("This is no date of birth."))
        return born

    def clean_scan(self) -> Any:
        """Refuse what is too large, or is no such document by its bytes."""
        scan = self.cleaned_data.get("scan")
        if not isinstance(scan, UploadedFile):
            return None
        if (scan.size or 0) > scans.LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        head = scan.read(16)
        scan.seek(0)
        if not scans.type_of(head):
            raise forms.ValidationError(_("The file is neither PDF, PNG nor JPEG."))
        return scan

    def content(self) -> bytes:
        """Return the bytes of the scan, b"" without one."""
        scan = self.cleaned_data.get("scan")
        return scan.read() if scan else b""

    def applicant(self) -> Applicant:
        """Return who applies: every form knows it in its own way."""
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        """Return what was typed besides the identity."""
        return {
            name: self.cleaned_data[name] for name in ("email", "language", "purpose", "born_on")
        }


class ProvedApplicantForm(ApplicantForm):
    """The rest of the application of somebody whose identity a provider has proved."""

    def __init__(self, proved: Applicant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proved = proved

    def applicant(self) -> Applicant:
        """Return the identity that was proved, and the rest as typed."""
        return replace(self.proved, **self.told())


class ApplicationForm(ApplicantForm):
    """The whole application of somebody whose identity nobody has proved."""

    first_name = _name(_("First name"), "given-name")
    last_name = _name(_("Last name"), "family-name")
    country = forms.ChoiceField(label=_("Country that gave the identifier"), choices=())
    kind = forms.ChoiceField(label=_("Identifier"), choices=_TYPED_KINDS)
    code = forms.CharField(
        label=_("Number of the identifier"),
        max_length=64,
        help_text=_("As it stands in the document; blanks and capitals make no difference."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("first_name", "last_name", "country", "kind", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", ""), *country_choices()]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Take the identifier in one spelling."""
        code = normalise_foreign_code(self.cleaned_data["code"])
        if not any(letter.isalnum() for letter in code):
            raise forms.ValidationError(_("Write the number of the document or the code."))
        return code

    def applicant(self) -> Applicant:
        """Return what was typed."""
        typed = self.cleaned_data
        code = Code(typed["country"], typed["code"])
        kind = IdentifierKind(typed["kind"])
        return Applicant(typed["first_name"], typed["last_name"], code, kind, **self.told())


class ApplicationsForm(forms.Form):
    """Which applications an officer looks at."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            *((state, STATES[state]) for state in ApplicationState if state in STATES),
        ],
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=())
    text = SearchField(label=_("Last name or e-mail address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = [("", _("all countries")), *country_choices()]
        self.fields["country"].choices = countries  # type: ignore[attr-defined]


class ApprovalForm(forms.Form):
    """The login name of the person an approval makes."""

    login_name = forms.CharField(
        label=_("Login name"),
        max_length=64,
        validators=[_LOGIN_NAME],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_login_name(self) -> str:
        """Refuse a name somebody has."""
        name = str(self.cleaned_data["login_name"])
        if User.objects.filter(login_name=name).exists():
            raise forms.ValidationError(_("Somebody has this login name already."))
        return name


class DeclineForm(forms.Form):
    """Why an application is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("It is sent to the applicant: write in the applicant's language."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
