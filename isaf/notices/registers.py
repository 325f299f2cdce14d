"""What i.SAF writes to a taxpayer's mailbox, and under which key."""

from django.utils.translation import gettext_lazy as _

from intake.models import Document
from intake.types import DocumentState, Source
from isaf.models import Postponement, PostponementState, Register
from isaf.types import RegisterState
from mailbox import happenings, words
from mailbox.services import post_message, record_event

SUBSYSTEM = "isaf"

_DECISIONS = {
    RegisterState.ACCEPTED: "isaf.register-accepted",
    RegisterState.REJECTED: "isaf.register-rejected",
}

_VERDICTS = {
    DocumentState.ACCEPTED: "isaf.file-accepted",
    DocumentState.REJECTED: "isaf.file-rejected",
}

WORDS = {
    "isaf.register-accepted": (
        _("%(period)s: register %(number)s has been accepted"),
        _(
            "The register of the period %(period)s has been checked and accepted. Nothing more "
            "needs to be done."
        ),
    ),
    "isaf.register-rejected": (
        _("%(period)s: register %(number)s has not been accepted"),
        _(
            "The checks of the register of the period %(period)s found errors: %(errors)s. Correct "
            "them in your accounting program, upload the file again and submit the register anew."
        ),
    ),
    "isaf.postponement-granted": (
        _("%(period)s: the deadline is postponed to %(day)s"),
        _(
            "The registers of the period %(period)s are in time until %(day)s. Reasons of the "
            "decision: %(answer)s"
        ),
    ),
    "isaf.postponement-refused": (
        _("%(period)s: the deadline is not postponed"),
        _(
            "The registers of the period %(period)s stay due on %(day)s. Reasons of the decision: "
            "%(answer)s"
        ),
    ),
    "isaf.file-accepted": (
        _("File %(number)s has been accepted"),
        _(
            "The file %(filename)s has been read and its registers are being prepared. The "
            "registers have not been submitted yet: open them and submit them."
        ),
    ),
    "isaf.file-rejected": (
        _("File %(number)s has not been accepted"),
        _(
            "The file %(filename)s has errors and none of it was stored. Open it to see "
            "what is wrong and how to correct it."
        ),
    ),
}

_POSTPONEMENTS = {
    PostponementState.GRANTED: "isaf.postponement-granted",
    PostponementState.REFUSED: "isaf.postponement-refused",
}

HAPPENINGS = {
    "isaf.file": ("isaf.view", _("A file of i.SAF has come or its state has changed")),
    "isaf.register": ("isaf.view", _("The state of a register of i.SAF has changed")),
}


def register_words() -> None:
    """Give the mailbox the words of this subsystem's messages."""
    words.register(WORDS)
    happenings.register(HAPPENINGS)


def record_state(register: Register) -> None:
    """Let programs that follow events know how a register stands; CANCELLED is a state here."""
    record_event(
        register.taxpayer_id,
        "isaf.register",
        "isaf.view",
        register.number,
        period=register.period.code,
        state="CANCELLED" if register.cancelled_at else register.state,
    )


def announce_decision(register: Register) -> None:
    """Say whether a submitted register was accepted; once for each register."""
    code = _DECISIONS[RegisterState(register.state)]
    post_message(
        taxpayer_id=register.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"{code}.{register.number}",
        code=code,
        params={
            "number": register.number,
            "period": register.period.code,
            "errors": str(register.errors),
        },
        url_name="isaf:register",
        url_args=(register.number,),
    )


def announce_postponement(postponement: Postponement) -> None:
    """Say what was decided on a request to postpone a deadline; once for each request."""
    code = _POSTPONEMENTS[PostponementState(postponement.state)]
    day = postponement.granted_until or postponement.period.deadline
    post_message(
        taxpayer_id=postponement.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"{code}.{postponement.pk}",
        code=code,
        params={
            "period": postponement.period.code,
            "day": day.isoformat(),
            "answer": postponement.answer,
        },
        url_name="isaf:postponement",
        url_args=(str(postponement.pk),),
    )


def announce_verdict(document: Document) -> None:
    """Tell the verdict on a file that a program sent; who used the page has it before him."""
    code = _VERDICTS.get(DocumentState(document.state))
    if code is None or document.dry_run or document.source != Source.SERVICE_FILE:
        return
    post_message(
        taxpayer_id=document.taxpayer_id,
        subsystem=SUBSYSTEM,
        key=f"{code}.{document.number}",
        code=code,
        params={"number": document.number, "filename": document.filename},
        url_name="isaf:file",
        url_args=(str(document.pk),),
    )
