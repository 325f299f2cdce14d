"""Preliminary returns of the demo economy: ordered for every period, the last ones drawn up."""

from collections.abc import Iterable

from imas.kernel import clock
from isaf.returns.forms import FormName
from isaf.selectors.returns import RIGHT, periods_to_order
from isaf.services import computing, returns
from mailbox.models import Notice
from representation.models import Taxpayer
from representation.types import system_acting

_LAST = 4
"""So many ended periods are drawn up."""


def draw_up_returns(taxpayers: Iterable[Taxpayer]) -> None:
    """Order both forms of each taxpayer's last periods, and compute what can be."""
    for taxpayer in taxpayers:
        acting = system_acting(taxpayer, [RIGHT])
        returns.order_for_every_period(acting, list(FormName))
        returns.order_returns(acting, periods_to_order(acting)[:_LAST], list(FormName))
    for return_id in computing.due():
        computing.compute_return(return_id)
    Notice.objects.filter(sent_at=None).update(sent_at=clock.now())
