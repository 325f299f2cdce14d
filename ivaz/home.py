"""What i.VAZ puts on the first page of a person."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from imas.kernel import clock
from imas.web.home import HomeCard
from ivaz.services.officers import DUTY


def roadside_card(user: Any) -> HomeCard | None:
    """Show an officer of the road the way to his search; no query."""
    if DUTY not in user.duties_on(clock.today()):
        return None
    return HomeCard(
        title=_("Checks on the road"),
        template="ivaz/home_roadside.html",
        context={"url": reverse("ivaz:roadside")},
        order=0,
        is_wide=True,
    )
