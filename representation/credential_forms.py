"""Input of the pages about keys and certificates of programs."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import RevocationReason
from accounts.pki.requests import MAX_BYTES
from imas.kernel import clock
from imas.web.fields import DayField
from representation.rights import RIGHTS
from representation.services import KeyOrder

_MOST_NETWORKS = 20
_TRANSPARENT = {"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}


class NetworksField(forms.CharField):
    """Addresses and networks, one on a line; the value is a list in CIDR form."""

    widget = forms.Textarea

    def __init__(self) -> None:
        super().__init__(
            label=_("Only from these addresses"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 2, **_TRANSPARENT}),
            help_text=_(
                "One address or network on a line, for example 192.0.2.0/24. Empty: from anywhere."
            ),
        )

    def clean(self, value: Any) -> list[str]:
        """Return what was typed in one form; what is no address is refused by name."""
        typed = super().clean(value).replace(",", " ").split()
        if len(typed) > _MOST_NETWORKS:
            raise ValidationError(
                gettext("At most %(most)s addresses can be given.") % {"most": _MOST_NETWORKS}
            )
        return [_network(text) for text in typed]


class CredentialForm(forms.Form):
    """What a key or certificate is to open."""

    name = forms.CharField(
        label=_("Name"), max_length=64, help_text=_("For example, the name of your program.")
    )
    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    until = DayField(label=_("Last day"))
    networks = NetworksField()
    for_all = forms.BooleanField(
        label=_("For every taxpayer for whom I may manage keys"), required=False
    )

    def __init__(self, rights: frozenset[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(name, label) for name, label in RIGHTS.items() if name in rights]
        self.fields["rights"].choices = offered  # type: ignore[attr-defined]
        self.fields["until"].initial = clock.today() + timedelta(days=settings.KEY_MAX_DAYS)

    def order(self) -> KeyOrder:
        """Return what was ordered."""
        typed = self.cleaned_data
        return KeyOrder(
            typed["name"],
            typed["rights"],
            typed["until"],
            for_all=typed["for_all"],
            networks=typed["networks"],
        )


class CertificateForm(CredentialForm):
    """The same for a certificate, with the signing request as a file or as text."""

    csr_file = forms.FileField(
        label=_("Signing request: file"),
        required=False,
        help_text=_("PKCS #10 in PEM or DER form. The private key stays with you."),
    )
    csr_text = forms.CharField(
        label=_("or its text"),
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "placeholder": "-----BEGIN CERTIFICATE REQUEST-----",
                **_TRANSPARENT,
            }
        ),
    )
    field_order = ["name", "csr_file", "csr_text", "rights", "until", "networks"]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two; `csr` is its bytes."""
        typed = super().clean() or {}
        file, text = typed.get("csr_file"), typed.get("csr_text", "")
        if isinstance(file, UploadedFile):
            typed["csr"] = file.read(MAX_BYTES + 1)
        elif text:
            typed["csr"] = text.encode()
        else:
            self.add_error("csr_file", _("Choose the file of the request or paste its text."))
        return typed


class RotationForm(forms.Form):
    """How long the old key goes on working, and how long the new one lives."""

    overlap = forms.TypedChoiceField(
        label=_("How long the old key still works"),
        coerce=int,
        initial=24,
        choices=(
            (0, _("Not at all: it ends at once")),
            (1, _("One hour")),
            (24, _("One day")),
            (7 * 24, _("One week")),
        ),
    )
    until = DayField(label=_("Last day of the new key"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = clock.today() + timedelta(days=settings.KEY_MAX_DAYS)


class RevocationForm(forms.Form):
    """Why a certificate is not to be trusted any more."""

    reason = forms.ChoiceField(
        label=_("Why it is revoked"),
        choices=RevocationReason.choices,
        widget=forms.RadioSelect,
        initial=RevocationReason.KEY_COMPROMISE,
    )


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        words = gettext("“%(text)s” is no address and no network.") % {"text": text}
        raise ValidationError(words) from None
