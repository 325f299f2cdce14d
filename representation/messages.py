"""Words for this subsystem's refusals and for what the journal tells."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from representation.rights import RIGHTS
from representation.types import MandateState, ProposalKind

_STATES: dict[str, Promise] = {
    MandateState.OFFERED: _("offered"),
    MandateState.REQUESTED: _("requested"),
    MandateState.AWAITING_SECOND: _("waits for a second administrator"),
    MandateState.ACTIVE: _("in force"),
    MandateState.DECLINED: _("declined"),
    MandateState.WITHDRAWN: _("taken back"),
    MandateState.EXPIRED: _("expired"),
    MandateState.REVOKED: _("revoked"),
    MandateState.RENOUNCED: _("given up"),
}

_PROPOSALS: dict[str, Promise] = {
    ProposalKind.OFFER: _("New representative"),
    ProposalKind.PASSED_ON: _("A client's mandate passed on"),
    ProposalKind.REQUEST: _("Request accepted"),
    ProposalKind.CHANGE: _("Change of rights"),
    ProposalKind.OFF: _("Switching the four-eyes principle off"),
}

WORDS = {
    "right-missing": (
        _("You have no right to do this"),
        _("The taxpayer has not given you the right this action needs. Ask the head to give it."),
    ),
    "taxpayer-header-missing": (
        _("The taxpayer is not named"),
        _("Send the code of the taxpayer you act for in the X-Taxpayer header."),
    ),
    "taxpayer-not-yours": (
        _("You do not represent this taxpayer"),
        _("There is no such taxpayer, or neither you nor the key may act for it."),
    ),
    "too-many-requests": (
        _("Too many requests"),
        _("Asking for mandates is closed for an hour."),
    ),
    "too-many-offers": (
        _("Too many offers wait for an answer"),
        _("Take some of them back, or wait until they are answered."),
    ),
    "firm-not-found": (
        _("There is no such legal person"),
        _("The register knows no legal person with this code. Check the code."),
    ),
    "mandate-not-to-be-passed-on": (
        _("The mandate cannot be passed on so"),
        _("The taxpayer has not allowed it to be passed on, or not so many times."),
    ),
    "mandate-without-rights": (
        _("A mandate needs at least one right"),
        _("Tick what the representative may do."),
    ),
    "bulk-too-many": (
        _("There is too much for one go"),
        _("At most %(limit)s mandates are passed on or ended at once. Do it in parts."),
    ),
    "bulk-needs-second": (
        _("A second administrator has to approve this right"),
        _("Pass it on by itself, so that it can be looked at; leave it out here."),
    ),
    "bulk-refused": (
        _("Nothing was passed on"),
        _("Some of it cannot be passed on. Leave that out, or change what you have chosen."),
    ),
    "list-empty": (_("The list holds no rows"), _("There is nothing to pass on.")),
    "list-too-long": (
        _("The list is too long"),
        _("At most %(limit)s rows are taken at once. Split it."),
    ),
    "list-columns": (
        _("The list lacks columns"),
        _("Missing: %(missing)s. The first row must name the columns."),
    ),
    "list-client-missing": (_("The client is missing"), _("Write the code of the taxpayer.")),
    "list-name-missing": (_("The name is missing"), _("Write the first and last name.")),
    "list-personal-code": (
        _("This is not a personal code"),
        _("Check its digits; the last one follows from the others."),
    ),
    "list-email": (
        _("This is not an e-mail address"),
        _("A link that confirms the mandate is sent there."),
    ),
    "list-right": (
        _("There is no such right"),
        _("Write the names of rights with spaces between them, for example isaf.view."),
    ),
    "list-until": (
        _("This is not a day"),
        _("Write the last day as year, month and day: 2027-06-30."),
    ),
    "limit-not-known": (
        _("A mandate cannot be limited so"),
        _("“%(value)s” is not a value of this limit, or there are too many of them."),
    ),
    "limit-wider-than-yours": (
        _("You have this right within limits"),
        _("Give it within the same limits or narrower ones."),
    ),
    "limit-outside": (
        _("Nothing would be left of the mandate"),
        _("It is limited already, and what you allow lies outside of that."),
    ),
    "right-limited": (
        _("Your right to do this is limited"),
        _("It holds for some documents or parts only, and this concerns others too."),
    ),
    "link-not-valid": (
        _("This link opens nothing"),
        _("It has been used, taken back or has expired, or it is meant for somebody else."),
    ),
    "right-already-given": (
        _("The person has this right already"),
        _("Open the representative's data to change what was given."),
    ),
    "grant-to-oneself": (
        _("You cannot give rights to yourself"),
        _("Another person who administers representatives must do it."),
    ),
    "grant-ends-in-the-past": (
        _("The last day has passed"),
        _("Choose today or a later day."),
    ),
    "grant-outlives-yours": (
        _("You cannot give a right for longer than you have it"),
        _("You have it until %(until)s. Choose that day or an earlier one."),
    ),
    "grant-too-long": (
        _("A mandate cannot be given for so long"),
        _("The last possible day is %(last)s; it can be prolonged before it ends."),
    ),
    "mandate-not-found": (
        _("There is no such mandate"),
        _("It has ended, or it is not this taxpayer's."),
    ),
    "mandate-moved-on": (
        _("The mandate has changed meanwhile"),
        _("Somebody has already answered or ended it. Open the list again."),
    ),
    "four-eyes-alone": (
        _("There is nobody else who could approve"),
        _(
            "You are the only one who administers the representatives of this taxpayer: you could "
            "give no rights of administrators any more. Give another person that right first."
        ),
    ),
    "second-person-needed": (
        _("Another administrator must approve this"),
        _("You have proposed it yourself. You can only take it back."),
    ),
    "proposer-gone": (
        _("This cannot be approved any more"),
        _("Whoever proposed it does not administer the representatives any more. Decline it."),
    ),
    "proposal-not-found": (
        _("There is nothing to approve"),
        _("It has been decided on, taken back, or nobody decided in time."),
    ),
    "proposal-moved-on": (
        _("This has changed meanwhile"),
        _("It is proposed already, or it is so already. Open the list again."),
    ),
    "change-in-two-steps": (
        _("None of the present rights would be left"),
        _(
            "The new rights wait for a second administrator, while those taken away go at once. "
            "Keep one of the present rights until then, or revoke the mandate and offer a new one."
        ),
    ),
    "nothing-to-give-up": (
        _("There is nothing to give up"),
        _("These rights come from the register and were not granted by the taxpayer."),
    ),
    "register-not-utf-8": (
        _("The file cannot be read"),
        _("Its letters are not written in UTF-8. Save it in UTF-8 and send it again."),
    ),
    "register-empty": (_("The file holds no rows"), _("There is nothing to take in.")),
    "register-unreadable": (
        _("The file cannot be read"),
        _("It is neither CSV with a heading nor JSON with flat objects."),
    ),
    "register-columns": (
        _("The columns are not those of this register"),
        _("It may have %(expected)s; it must have %(needed)s."),
    ),
    "register-too-large": (
        _("The file is too large"),
        _("At most %(limit)s bytes are taken at once. Split the file."),
    ),
    "register-refused-rows": (
        _("The file has refused rows"),
        _("Nothing of it was applied. The list says which rows and why."),
    ),
    "lookup-one-question": (
        _("It is not clear what is looked for"),
        _("Give exactly one of code, vat and name."),
    ),
    "lookup-name-too-short": (
        _("There is too little to look for"),
        _("Type at least %(least)s letters of the name besides its legal form."),
    ),
    "lookup-too-many": (
        _("There are too many codes"),
        _("At most %(limit)s codes are checked at once."),
    ),
    "lookup-file-empty": (
        _("The file holds no codes"),
        _("The codes must stand in the first column."),
    ),
    "lookup-file-unreadable": (
        _("The file cannot be read"),
        _("Send a CSV file in UTF-8 or an XLSX workbook."),
    ),
    "waybill-code-invalid": (
        _("This cannot be a taxpayer's code"),
        _("%(typed)s is neither a legal person's nor a personal code. Mend it and save again."),
    ),
    "waybill-too-many": (
        _("There are too many codes"),
        _("At most %(limit)s submitters can be listed."),
    ),
    "import-not-found": (
        _("There is no such import"),
        _("The number is wrong."),
    ),
    "import-decided": (
        _("The file has been decided on already"),
        _("Open it to see what became of it."),
    ),
    "import-outdated": (
        _("The register has changed since the preview"),
        _("The preview is drawn up anew. Look at it and decide again; nothing was applied."),
    ),
    "import-has-refused-rows": (
        _("The file has refused rows"),
        _("Say that they are to be skipped, or drop the file and send a mended one."),
    ),
    "key-not-found": (
        _("There is no such key"),
        _("It has been revoked, or it does not open this taxpayer."),
    ),
    "key-rotated": (
        _("This key cannot be changed"),
        _("It has ended, or another key has taken its place already."),
    ),
    "only-keys-rotate": (
        _("Only a key changes itself for a new one"),
        _("A certificate is replaced by ordering another with a new signing request."),
    ),
    "key-overlap": (
        _("The old key cannot work for so long beside the new one"),
        _("At most %(hours)s hours."),
    ),
    "certificate-not-found": (
        _("There is no such certificate"),
        _("It has been revoked, or it does not open this taxpayer."),
    ),
    "key-term": (
        _("A key cannot be valid until that day"),
        _("Choose a day between today and %(last)s."),
    ),
}

LETTERS = {
    "representation.waits-for-second": (
        _("A second administrator is needed: %(name)s"),
        _(
            "%(proposer)s has proposed something that holds only when another administrator of "
            "i.MAS representatives approves it. Open the representatives to approve or decline."
        ),
    ),
}
"""Title and body of what the mailbox is told (`representation.notices`)."""

_ACTIONS: dict[str, Promise] = {
    "ivaz.submitters-saved": _("Rule about submitters of waybills saved"),
    "registers.received": _("File of a register received"),
    "registers.applied": _("File of a register applied"),
    "registers.dropped": _("File of a register dropped"),
    "representation.offered": _("Mandate offered"),
    "representation.requested": _("Mandate requested"),
    "representation.accepted": _("Mandate accepted"),
    "representation.declined": _("Mandate declined"),
    "representation.withdrawn": _("Offer or request taken back"),
    "representation.proposed": _("Proposed to a second administrator"),
    "representation.approved": _("Approved as the second administrator"),
    "representation.proposal-declined": _("Declined as the second administrator"),
    "representation.proposal-withdrawn": _("Proposal taken back"),
    "representation.four-eyes-on": _("Second administrator is needed from now on"),
    "representation.four-eyes-off": _("Second administrator is not needed any more"),
    "representation.kept": _("Mandate reviewed and kept"),
    "representation.granted": _("Rights given"),
    "representation.changed": _("Rights changed"),
    "representation.revoked": _("Rights revoked"),
    "representation.renounced": _("Rights given up"),
    "representation.representatives-seen": _("Representatives seen"),
    "representation.why-seen": _("Looked at why a person may act"),
    "representation.journal-seen": _("Journal seen"),
    "representation.journal-exported": _("Journal taken away"),
    "keys.issued": _("Key of web services issued"),
    "keys.revoked": _("Key of web services revoked"),
    "keys.rotated": _("Key of web services changed for a new one"),
    "keys.refused": _("Key or certificate turned away"),
    "certificates.issued": _("Certificate of web services issued"),
    "certificates.revoked": _("Certificate of web services revoked"),
}


def register_actions(words: Mapping[str, Promise]) -> None:
    """Let a subsystem say in words what its dotted actions in the journal mean."""
    _ACTIONS.update(words)


def action_words(action: str) -> str:
    """Return what was done in the reader's language; an action without words stays as it is."""
    return str(_ACTIONS.get(action, action))


def right_words(right: str) -> str:
    """Return the name of a right in the reader's language."""
    return str(RIGHTS.get(right, right))


def rights_words(rights: Iterable[str]) -> list[str]:
    """Return rights in the reader's language, a line for each subsystem, in their own order."""
    grouped = rights_by_subsystem(rights).items()
    return [": ".join(filter(None, (name, ", ".join(actions)))) for name, actions in grouped]


def rights_by_subsystem(rights: Iterable[str]) -> dict[str, list[str]]:
    """Return what may be done, by the subsystem it is done in, in the order of `RIGHTS`."""
    given, groups = set(rights), dict[str, list[str]]()
    for right in (*(name for name in RIGHTS if name in given), *sorted(given - RIGHTS.keys())):
        subsystem, _, action = right_words(right).partition(": ")
        groups.setdefault(subsystem, []).append(action)
    return groups


def state_words(state: str) -> str:
    """Return the state of a mandate in the reader's language."""
    return str(_STATES.get(state, state))


def proposal_words(kind: str) -> str:
    """Return what waits for a second administrator, in the reader's language."""
    return str(_PROPOSALS.get(kind, kind))
