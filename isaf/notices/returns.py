"""What preliminary returns write to the mailbox."""

from django.utils.translation import gettext_lazy as _

from isaf.models import ReturnVersion
from mailbox import words
from mailbox.services import post_message

SUBSYSTEM = "isaf"
WORDS = {
    "isaf.return-ready": (
        _("Preliminary return %(form)s for %(period)s is computed"),
        _(
            "Look at it, decide on the invoices that need it, and confirm it. Nothing is filed "
            "until you do so in EDS."
        ),
    ),
    "isaf.return-changed": (
        _("Preliminary return %(form)s for %(period)s has changed"),
        _("A register of the period has changed, so it was computed anew. See what differs."),
    ),
}


def register_words() -> None:
    """Give the mailbox the words of returns."""
    words.register(WORDS)


def announce(version: ReturnVersion, before: ReturnVersion | None) -> None:
    """Tell the taxpayer of the first version, and of a later one whose boxes differ."""
    if before is not None and before.boxes == version.boxes:
        return
    found = version.of
    code = "isaf.return-changed" if before else "isaf.return-ready"
    post_message(
        taxpayer_id=found.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"{code}.{found.number}.{version.number}",
        code=code,
        params={"form": found.form, "period": found.period.code},
        url_name="isaf:return",
        url_args=(str(found.pk),),
    )
