"""The door of an SMS gateway that asks by HTTP, shaped as Kannel's get-url."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from avaz.desk.services.texting import Arrived, answer
from imas.kernel.errors import NotFoundError, UnprocessableError


@require_GET
def kannel(request: HttpRequest) -> HttpResponse:
    """Answer a message: the body of this answer is the reply; an empty one is silence.

    `sender`, `receiver`, `text` and the gateway's `id` of the message; `key` is AVAZ_SMS_KEY. A GET
    that writes: it is what gateways send, and the id lets it do so once.
    """
    given, key = request.GET.get("key", ""), settings.AVAZ_SMS_KEY
    if not key or not hmac.compare_digest(given.encode(), key.encode()):
        raise NotFoundError
    message_id, sender = request.GET.get("id", ""), request.GET.get("sender", "")
    if not message_id or not sender or request.GET.get("receiver") != settings.AVAZ_SMS_NUMBER:
        raise UnprocessableError("avaz-told")
    arrived = Arrived("http", message_id, sender, request.GET.get("text", ""))
    return HttpResponse(answer(arrived), content_type="text/plain; charset=us-ascii")
