"""Words of the page that tells why somebody may do something, or which link broke."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from representation.types import WhyKind
from representation.ways import BreakKind

BREAKS: dict[BreakKind, Promise] = {
    BreakKind.NOT_ACCEPTED: _("the mandate has not been accepted"),
    BreakKind.DECLINED: _("the mandate was declined"),
    BreakKind.WITHDRAWN: _("the offer or request was taken back"),
    BreakKind.UNANSWERED: _("nobody answered in time"),
    BreakKind.REVOKED: _("the mandate was revoked"),
    BreakKind.RENOUNCED: _("the mandate was given up"),
    BreakKind.EXPIRED: _("the mandate has run out"),
    BreakKind.NOT_BEGUN: _("it has not begun yet"),
    BreakKind.TAXPAYER_ENDED: _("the taxpayer does not exist any more"),
    BreakKind.FIRM_ENDED: _("the firm does not exist any more"),
    BreakKind.NOT_TO_BE_PASSED_ON: _("the mandate above may not be passed on so many times"),
    BreakKind.EMPLOYMENT_ENDED: _("the person does not work for the firm any more"),
    BreakKind.NOT_EMPLOYED: _("the person neither works for the firm nor heads it"),
    BreakKind.WORK_ENDED: _("the person does not work for the taxpayer any more"),
    BreakKind.PERSON_DIED: _("the person has died"),
    BreakKind.HEAD_CHANGED: _("the person does not head the firm"),
    BreakKind.POST_ENDED: _("the post has ended in the register"),
    BreakKind.ACCOUNT_CLOSED: _("the person's account is closed"),
    BreakKind.RIGHT_MISSING: _("it does not give this right"),
    BreakKind.LIMITED: _("its limits leave nothing of this right"),
}

WAYS: dict[WhyKind, Promise] = {
    WhyKind.SELF: _("The taxpayer himself"),
    WhyKind.HEAD: _("Head of the taxpayer, by the register"),
    WhyKind.ACCOUNTANT: _("Accountant of the taxpayer, by the register (FR0791)"),
    WhyKind.GRANT: _("A mandate of the person"),
    WhyKind.FIRM: _("Head of a firm that has a mandate"),
}
