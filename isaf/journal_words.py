"""What this subsystem's actions are called in the journal."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "isaf.crosscheck-ordered": _("i.SAF: cross-check report ordered"),
    "isaf.register-submitted": _("i.SAF: register submitted"),
    "isaf.register-decided": _("i.SAF: register decided on"),
    "isaf.register-cancelled": _("i.SAF: register removed"),
}
