"""Settings → web services: client certificates for programs."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Certificate, RevocationReason
from accounts.stepup import second_factor_demanded
from imas.kernel import clock
from imas.kernel.errors import ConflictError, UnprocessableError
from imas.web.messages import words_for
from representation import selectors, services
from representation.credential_forms import CertificateForm, RevocationForm
from representation.messages import rights_words
from representation.requests import PortalRequest
from representation.services.keys import MANAGE
from representation.types import Acting
from representation.web_services import tabs

PAGE = ["GET", "HEAD", "POST"]
_TERM = "key-term"


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """List the certificates that open the taxpayer."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    now = clock.now()
    rows = [
        {
            "certificate": certificate,
            "rights": rights_words(certificate.rights),
            "is_usable": certificate.is_usable(now),
        }
        for certificate in _held(acting).select_related("user")
    ]
    state = {"rows": rows, "tabs": tabs("representation:certificates")}
    return render(request, "representation/certificates.html", state)


@require_http_methods(PAGE)
@second_factor_demanded
def new_certificate(request: HttpRequest) -> HttpResponse:
    """Issue a certificate for a signing request and offer it for download."""
    portal = cast("PortalRequest", request)
    portal.acting.require(MANAGE)
    rights = portal.acting.rights
    form = CertificateForm(rights, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (issued := _issued(portal, form)):
        return redirect("representation:certificate", issued.pk)
    return render(request, "representation/certificate_new.html", {"form": form})


@require_http_methods(PAGE)
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Show one certificate; revoke it."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    found = get_object_or_404(_held(acting).select_related("user"), pk=certificate_id)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = RevocationReason(form.cleaned_data["reason"])
        services.revoke_certificate(acting, certificate_id, reason)
        messages.success(request, gettext("The certificate opens nothing any more."))
        return redirect("representation:certificates")
    state = {
        "certificate": found,
        "form": form,
        "is_usable": found.is_usable(clock.now()),
        "rights": rights_words(found.rights),
    }
    return render(request, "representation/certificate.html", state)


@require_safe
def download(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Hand out the certificate as PEM."""
    acting = cast("PortalRequest", request).acting
    acting.require(MANAGE)
    found = get_object_or_404(_held(acting), pk=certificate_id)
    answer = HttpResponse(found.pem, content_type="application/x-pem-file")
    answer["Content-Disposition"] = f'attachment; filename="imas-{found.serial}.crt"'
    return answer


def _held(acting: Acting) -> QuerySet[Certificate]:
    return selectors.certificates_of(acting.taxpayer_code)


def _issued(portal: PortalRequest, form: CertificateForm) -> Certificate | None:
    try:
        return services.issue_certificate(
            portal.acting, portal.user, form.order(), form.cleaned_data["csr"]
        )
    except (UnprocessableError, ConflictError) as refusal:
        words = words_for(refusal.code, refusal.default_code, refusal.params)[1]
        form.add_error("until" if refusal.code == _TERM else "csr_file", words)
        return None
