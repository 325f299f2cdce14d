"""Pages: sign-in, the announcement, the ARN."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from avaz.desk.forms import AnnounceForm, SignInForm
from avaz.desk.models import Access
from avaz.desk.requests import address_of, remember, with_access
from avaz.desk.services import entering, registering, watching
from imas.kernel.errors import DomainError, ThrottledError, UnauthenticatedError, UnprocessableError
from imas.web.messages import words_for


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the desk answers and its file can be read."""
    registering.the_desk()
    return JsonResponse({"status": "alive"})


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by e-mail address and code."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            access = entering.sign_in(told["email"], told["code"], address_of(request))
        except (UnauthenticatedError, ThrottledError) as refusal:
            form.add_error(None, _in_words(refusal))
            status = 429 if isinstance(refusal, ThrottledError) else 403
        else:
            remember(request, access)
            return redirect("avaz-desk:announce")
    context = {"form": form, "outage": watching.outage_now()}
    return render(request, "avaz/desk/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    request.session.flush()
    return redirect("avaz-desk:sign-in")


@require_http_methods(["GET", "POST"])
@with_access
def announce(request: HttpRequest, access: Access) -> HttpResponse:
    """Take an announcement and lead to its ARN."""
    outage = watching.outage_now()
    form = AnnounceForm(request.POST or None, initial={"reason": "outage" if outage else None})
    if request.method == "POST" and form.is_valid():
        by_text = form.cleaned_data["send_by"] == "sms"
        try:
            made = registering.register_on_page(access, form.announcement, by_text=by_text)
        except (UnprocessableError, ThrottledError) as refusal:
            place = {"avaz-number": "number", "avaz-trouble": "trouble_from"}.get(refusal.code)
            form.add_error(place, _in_words(refusal))
        else:
            return redirect("avaz-desk:arn", made.arn)
    context = {"form": form, "access": access, "outage": outage}
    return render(request, "avaz/desk/announce.html", context)


@require_GET
@with_access
def arn(request: HttpRequest, access: Access, arn: str) -> HttpResponse:
    """Show an ARN."""
    made = registering.find(access, arn)
    return render(request, "avaz/desk/arn.html", {"made": made, "access": access})


@require_GET
@with_access
def arns(request: HttpRequest, access: Access) -> HttpResponse:
    """List what was announced by this access."""
    context = {"made": registering.own(access), "access": access}
    return render(request, "avaz/desk/arns.html", context)


def _in_words(refusal: DomainError) -> str:
    title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
    return f"{title}. {detail}"
