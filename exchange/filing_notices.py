"""What EDS's answers write to the mailbox."""

from django.utils.translation import gettext_lazy as _

from exchange.models import Filing
from isaf.filing import FilingState
from mailbox.services import post_message

LETTERS = {
    "exchange.filing-unconfirmed": (
        _("%(form)s is in EDS as a draft: confirm it there"),
        _("%(subject)s was handed over. It is not filed until you confirm it in EDS."),
    ),
    "exchange.filing-accepted": (
        _("EDS has accepted %(form)s"),
        _("%(subject)s is filed and accepted."),
    ),
    "exchange.filing-trouble": (
        _("EDS has not accepted %(form)s"),
        _("%(subject)s: EDS says: %(said)s Open EDS to see what to do."),
    ),
}

_TELLS = {
    FilingState.UNCONFIRMED: "exchange.filing-unconfirmed",
    FilingState.ACCEPTED: "exchange.filing-accepted",
    FilingState.ACCEPTED_WITH_ERRORS: "exchange.filing-trouble",
    FilingState.REFUSED: "exchange.filing-trouble",
    FilingState.REJECTED: "exchange.filing-trouble",
    FilingState.EXPIRED: "exchange.filing-trouble",
    FilingState.HELD: "exchange.filing-trouble",
}


def tell_of(filing: Filing, state: FilingState) -> None:
    """Tell the taxpayer what calls for his attention, once a state."""
    if code := _TELLS.get(state):
        post_message(
            taxpayer_id=filing.taxpayer_id,
            subsystem="isaf",
            key=f"{code}.{filing.pk}.{state}",
            code=code,
            params={
                "form": filing.form,
                "subject": filing.subject,
                "said": filing.said or str(filing.error or ""),
            },
        )
