"""Input of the pages of a person's account."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import PersonRequest
from accounts.services import is_password_of
from imas.kernel.identifiers import normalise_phone

_DIGITS = 6
LANGUAGES = [("lt", "Lietuvių"), ("en", "English")]


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Login name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """Six digits that an app shows."""

    code = forms.CharField(
        label=_("Code from the app"),
        max_length=16,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        """Take the digits as apps show them, with blanks between."""
        code = str(self.cleaned_data["code"]).replace(" ", "")
        if not (code.isascii() and code.isdigit() and len(code) == _DIGITS):
            raise forms.ValidationError(_("Write the six digits that the app shows."))
        return code


class RecoveryCodeForm(forms.Form):
    """One of the codes that were shown once."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=40,
        help_text=_("Twelve characters; each code works once."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class PasskeyForm(forms.Form):
    """What the browser says in the name of a passkey."""

    answer = forms.CharField(
        max_length=20_000,
        required=False,
        widget=forms.HiddenInput(attrs={"data-passkey-answer": ""}),
    )

    def clean(self) -> dict[str, Any]:
        """Say for the whole form what a hidden field cannot say for itself."""
        if not self.cleaned_data.get("answer"):
            raise forms.ValidationError(_("The browser has not used a passkey."))
        return self.cleaned_data


class NewPasskeyForm(PasskeyForm):
    """A new passkey and what to call it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=64,
        help_text=_("By which you will know it: “Work computer”, “Key on my key ring”."),
    )


class IdentityForm(forms.Form):
    """The password, once more."""

    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class RulesForm(forms.Form):
    """Acceptance of the version that was shown."""

    version = forms.CharField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("I have read the rules of use and accept them"),
        error_messages={"required": _("Without accepting the rules i.MAS cannot be used.")},
    )


class EmailForm(forms.Form):
    """The address to confirm."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ContactForm(forms.Form):
    """Contact data other than the address and the number, each of which has a page of its own."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)


class PhoneForm(forms.Form):
    """The mobile number to confirm."""

    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=24,
        help_text=_("For example +370 600 00000; of other countries with their code."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )

    def clean_phone(self) -> str:
        """Take the number in its one spelling."""
        phone = normalise_phone(self.cleaned_data["phone"])
        if not phone:
            raise forms.ValidationError(_("This is no mobile number. Write it as +370 600 00000."))
        return phone


class PhoneCodeForm(forms.Form):
    """The six digits that came to the phone."""

    code = forms.CharField(
        label=_("Code from the message"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """Take the digits, with blanks between or without."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if not (code.isascii() and code.isdigit() and len(code) == _DIGITS):
            raise forms.ValidationError(_("Write the six digits of the message."))
        return code


class RecoveryForm(forms.Form):
    """Whose password is forgotten."""

    username = forms.CharField(
        label=_("Login name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class NewPasswordForm(forms.Form):
    """A new password."""

    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=1024,
        help_text=_("At least 12 characters. A sentence of your own is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        """Refuse a weak password."""
        new = str(self.cleaned_data["new"])
        password_validation.validate_password(new, self.user)
        return new


class PasswordForm(NewPasswordForm):
    """The present password and a new one."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "new")

    def __init__(self, request: PersonRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request.user, *args, **kwargs)
        self.request = request

    def clean_current(self) -> str:
        """Refuse a wrong present password."""
        current = str(self.cleaned_data["current"])
        if not is_password_of(self.request, self.request.user, current):
            raise forms.ValidationError(_("This is not your current password."))
        return current
