"""The mailbox on the start page."""

from django.urls import reverse
from django.utils.translation import gettext

from imas.web.home import HomeCard
from mailbox import selectors, services
from mailbox.models import Message
from representation.types import Acting

_SHOWN = 4


def newest(acting: Acting) -> HomeCard | None:
    """Show the newest messages to those who may read them."""
    if not acting.may(services.VIEW):
        return None
    newest_first = Message.objects.visible_to(acting).filter(archived_at__isnull=True)
    return HomeCard(
        title=gettext("Mailbox"),
        template="mailbox/_card.html",
        context={"letters": list(selectors.letters_of(newest_first[:_SHOWN]))},
        order=50,
        url=reverse("mailbox:messages"),
        link=gettext("All messages"),
    )
