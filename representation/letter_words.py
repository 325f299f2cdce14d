"""Words of the messages that tell what became of mandates, keys and certificates."""

from django.utils.translation import gettext_lazy as _

LETTERS = {
    "representation.offered": (
        _("%(client)s offers you a mandate"),
        _(
            "%(giver)s lets you act for %(client)s until %(until)s. It holds once you accept it "
            "under “Represented by us”."
        ),
    ),
    "representation.offer-withdrawn": (
        _("The offer of %(client)s has been taken back"),
        _("%(giver)s does not offer you the mandate to act for %(client)s any more."),
    ),
    "representation.offer-accepted": (
        _("%(holder)s has accepted your mandate"),
        _("The mandate to act for %(client)s holds until %(until)s."),
    ),
    "representation.offer-declined": (
        _("%(holder)s has declined your mandate"),
        _("Nobody acts for %(client)s by this offer."),
    ),
    "representation.offer-unanswered": (
        _("%(holder)s has not answered your offer"),
        _("The offer to act for %(client)s has expired. Offer it again if it is still needed."),
    ),
    "representation.bundle-accepted": (
        _("%(holder)s has accepted the mandates you passed on together"),
        _("%(holder)s may act for those clients now. Open the overview to see for whom."),
    ),
    "representation.bundle-declined": (
        _("%(holder)s has declined the mandates you passed on together"),
        _("Nobody acts for those clients by this offer."),
    ),
    "representation.bundle-unanswered": (
        _("%(holder)s has not answered the mandates you passed on together"),
        _("The offer has expired. Pass them on again if they are still needed."),
    ),
    "representation.requested": (
        _("%(holder)s asks to represent you"),
        _(
            "The mandate would last until %(until)s. Accept or decline it among your "
            "representatives."
        ),
    ),
    "representation.request-withdrawn": (
        _("%(holder)s does not ask to represent you any more"),
        _("The request has been taken back. Nothing needs to be done."),
    ),
    "representation.request-accepted": (
        _("%(client)s has accepted your request"),
        _("You may act for %(client)s until %(until)s."),
    ),
    "representation.request-declined": (
        _("%(client)s has declined your request"),
        _("You may not act for %(client)s by it."),
    ),
    "representation.request-unanswered": (
        _("%(client)s has not answered your request"),
        _("The request has expired."),
    ),
    "representation.mandate-changed": (
        _("The mandate of %(client)s has been changed"),
        _("%(giver)s has changed what you may do for %(client)s. It holds until %(until)s."),
    ),
    "representation.mandate-revoked": (
        _("The mandate of %(client)s has been revoked"),
        _(
            "%(giver)s has ended your right to act for %(client)s. What you had passed on has "
            "ended with it."
        ),
    ),
    "representation.mandate-renounced": (
        _("%(holder)s has given up your mandate"),
        _("%(holder)s does not act for %(client)s any more, nor does anybody it was passed on to."),
    ),
    "representation.mandate-expired": (
        _("The mandate of %(holder)s for %(client)s has ended"),
        _("Its last day was %(until)s."),
    ),
    "representation.mandate-ending": (
        _("The mandate of %(holder)s for %(client)s ends on %(until)s"),
        _("If it is still needed, it has to be prolonged or given anew before that day."),
    ),
    "representation.key-ending": (
        _("The key of web services %(name)s ends on %(until)s"),
        _("The program that uses the key %(label)s will be refused then. Issue its successor."),
    ),
    "representation.certificate-ending": (
        _("The certificate of web services %(name)s ends on %(until)s"),
        _(
            "The program that uses the certificate %(label)s will be refused then. Order another "
            "with a new signing request."
        ),
    ),
}
"""The title and body of each message, by code."""
