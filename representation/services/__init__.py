"""What can be done about mandates, and the journal every write ends with."""

from representation.services.acting import acting_of
from representation.services.answering import (
    answer_by_link,
    answer_for_firm,
    answer_request,
    offered_by_link,
    renounce,
)
from representation.services.approving import approve, decline
from representation.services.asking import request_mandate
from representation.services.bulk import (
    Addressee,
    Order,
    Planned,
    as_far_as_held,
    end_together,
    held_to_pass_on,
    pass_on_together,
    passed_on_of,
    people_of,
    plan,
)
from representation.services.certificates import issue_certificate, revoke_certificate
from representation.services.expiring import warn_of_credentials
from representation.services.granting import (
    change_mandate,
    choose_taxpayer,
    give_up,
    given_by,
    revoke,
)
from representation.services.journal import journal, journal_person
from representation.services.keys import (
    KeyOrder,
    issue_key,
    ordered_by_operator,
    revoke_key,
    rotate_itself,
    rotate_key,
)
from representation.services.letters import warn_of_endings
from representation.services.moving import expire_mandates, expire_proposals
from representation.services.offering import (
    NewPerson,
    Terms,
    end_passed_on,
    held_by,
    offer,
    pass_on,
    withdraw,
)
from representation.services.proposing import propose_switching_off, switch_on
from representation.services.reviewing import end_mandates, keep_mandates
from representation.services.sealing import anchor_journal, seal_journal
from representation.services.using import mark_of, note_use
from representation.services.verifying import verify_journal
from representation.services.viewing import journal_view

__all__ = [
    "Addressee",
    "KeyOrder",
    "NewPerson",
    "Order",
    "Planned",
    "Terms",
    "acting_of",
    "anchor_journal",
    "answer_by_link",
    "answer_for_firm",
    "answer_request",
    "approve",
    "as_far_as_held",
    "change_mandate",
    "choose_taxpayer",
    "decline",
    "end_mandates",
    "end_passed_on",
    "end_together",
    "expire_mandates",
    "expire_proposals",
    "give_up",
    "given_by",
    "held_by",
    "held_to_pass_on",
    "issue_certificate",
    "issue_key",
    "journal",
    "journal_person",
    "journal_view",
    "keep_mandates",
    "mark_of",
    "note_use",
    "offer",
    "offered_by_link",
    "ordered_by_operator",
    "pass_on",
    "pass_on_together",
    "passed_on_of",
    "people_of",
    "plan",
    "propose_switching_off",
    "renounce",
    "request_mandate",
    "revoke",
    "revoke_certificate",
    "revoke_key",
    "rotate_itself",
    "rotate_key",
    "seal_journal",
    "switch_on",
    "verify_journal",
    "warn_of_credentials",
    "warn_of_endings",
    "withdraw",
]
