"""Words about settlements and payments."""

from django.utils.translation import gettext_lazy as _

from isaf.messages.shape import Sentences, Titles, says

TITLES: Titles = {
    "14055": _("Settlement outside the period"),
    "14071": _("Invoice twice in a settlement"),
}


SENTENCES: Sentences = {
    **says(
        "14055",
        "",
        _(
            "The money was received or paid on %(value)s, which is not in the period (%(start)s "
            "to %(end)s)."
        ),
        _("Correct SettlementDate, or move the settlement to its own period."),
    ),
    **says(
        "14071",
        "",
        _("The settlement names the invoice %(value)s of %(date)s twice."),
        _("Name each invoice once, with the whole sum paid for it."),
    ),
}
