"""Keturių akių principas: what waits for a second administrator, and whether anything does."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.stepup import second_factor_demanded
from representation import limits, selectors, services
from representation.messages import proposal_words, rights_words
from representation.models import Proposal
from representation.requests import PortalRequest
from representation.services.granting import MANAGE
from representation.types import Acting, MandateState, ProposalKind
from representation.views.showing import send_offer


def waiting_for_second(
    acting: Acting, people: Iterable[selectors.Representative]
) -> dict[str, Any]:
    """Return what the page of representatives shows of it."""
    others = (one for one in people if one.user.pk != acting.user_id)
    return {
        "is_four_eyed": selectors.is_four_eyed(acting.taxpayer_id),
        "is_alone": not any(MANAGE in one.whys for one in others),
        "proposals": [_shown(acting, one) for one in selectors.proposals_to(acting.taxpayer_id)],
    }


@require_POST
@second_factor_demanded
def switch_on(request: HttpRequest) -> HttpResponse:
    """Let weighty rights need a second administrator."""
    services.switch_on(cast("PortalRequest", request).acting)
    messages.success(request, gettext("From now on a second administrator has to approve."))
    return redirect("representation:representatives")


@require_POST
@second_factor_demanded
def propose_switching_off(request: HttpRequest) -> HttpResponse:
    """Ask the other administrators to do without."""
    services.propose_switching_off(cast("PortalRequest", request).acting)
    messages.success(request, gettext("It waits for a second administrator."))
    return redirect("representation:representatives")


@require_POST
@second_factor_demanded
def approve(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Let hold what another administrator has proposed."""
    proposal = services.approve(cast("PortalRequest", request).acting, proposal_id)
    if proposal.mandate and proposal.mandate.state == MandateState.OFFERED:
        send_offer(proposal.mandate)
        messages.success(request, gettext("The offer is sent. It holds once it is accepted."))
    else:
        messages.success(request, gettext("It is approved and holds from now."))
    return redirect("representation:representatives")


@require_POST
def decline(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Decline what another has proposed, or take back one's own."""
    services.decline(cast("PortalRequest", request).acting, proposal_id)
    messages.success(request, gettext("What was proposed does not hold."))
    return redirect("representation:representatives")


def _shown(acting: Acting, proposal: Proposal) -> dict[str, Any]:
    given = proposal.mandate.rights if proposal.mandate else []
    is_change = proposal.kind == ProposalKind.CHANGE
    return {
        "proposal": proposal,
        "what": proposal_words(proposal.kind),
        "rights": rights_words(proposal.rights),
        "limits": limits.words(proposal.limits),
        "added": rights_words(set(proposal.rights) - set(given)) if is_change else [],
        "is_own": proposal.by_id == acting.user_id,
    }
