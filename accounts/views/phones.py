"""The mobile number: written down, confirmed by a code, removed."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services, stepup, tasks
from accounts.forms import PhoneCodeForm, PhoneForm
from accounts.models import User
from accounts.requests import PersonRequest
from accounts.types import PhoneAnswer
from imas.kernel import clock
from imas.kernel.errors import ThrottledError, UnavailableError
from imas.web import sms
from imas.web.messages import words_for

PAGE = ["GET", "HEAD", "POST"]
_WRONG = {
    PhoneAnswer.WRONG: gettext_lazy("This is not the code of the message."),
    PhoneAnswer.OVER: gettext_lazy("The code is not valid any more. Ask for another one."),
}


@sensitive_post_parameters()
@require_http_methods(PAGE)
@stepup.identity_demanded
def phone(request: HttpRequest) -> HttpResponse:
    """Take a number and send it a code; while one is under way, ask for it."""
    user = cast("PersonRequest", request).user
    if request.method != "POST":
        return _page(request, user)
    form = PhoneForm(request.POST)
    if form.is_valid() and _sent(user, form):
        return redirect("accounts:phone")
    return _page(request, user, form=form)


@sensitive_post_parameters()
@require_POST
def phone_confirm(request: HttpRequest) -> HttpResponse:
    """Take the code."""
    user = cast("PersonRequest", request).user
    typed = PhoneCodeForm(request.POST)
    if typed.is_valid():
        answer = services.confirm_phone(user, typed.cleaned_data["code"])
        if answer == PhoneAnswer.CONFIRMED:
            messages.success(request, gettext("The mobile number is confirmed."))
            return redirect("accounts:profile")
        typed.add_error("code", str(_WRONG[answer]))
    return _page(request, user, typed=typed)


@require_POST
@stepup.identity_demanded
def phone_remove(request: HttpRequest) -> HttpResponse:
    """Forget the number."""
    services.remove_phone(cast("PersonRequest", request).user)
    messages.success(request, gettext("The mobile number is removed."))
    return redirect("accounts:profile")


def _sent(user: User, form: PhoneForm) -> bool:
    try:
        confirmation = services.request_phone_code(user, form.cleaned_data["phone"])
    except (ThrottledError, UnavailableError) as refusal:
        title, detail = words_for(refusal.code, refusal.default_code, refusal.params)
        form.add_error("phone", f"{title}. {detail}")
        return False
    tasks.send_phone_code.delay_on_commit(str(confirmation.pk))
    return True


def _page(
    request: HttpRequest,
    user: User,
    *,
    form: PhoneForm | None = None,
    typed: PhoneCodeForm | None = None,
) -> HttpResponse:
    pending = user.phone_confirmations.waiting(clock.now()).first()
    number = pending.phone if pending else user.phone
    page = {
        "form": form or PhoneForm(initial={"phone": number}),
        "typed": typed or PhoneCodeForm(),
        "pending": pending,
        "last": user.phone_confirmations.first(),
        "is_open": sms.is_open(),
    }
    return render(request, "accounts/phone.html", page)
