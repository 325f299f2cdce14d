"""What can be done about mandates, and the journal every write ends with."""

from representation.services.acting import acting_of
from representation.services.granting import (
    change_mandate,
    choose_taxpayer,
    find_person,
    give_up,
    given_by,
    grant,
    revoke,
)
from representation.services.journal import journal, journal_person
from representation.services.keys import KeyOrder, issue_key, issue_key_by_operator, revoke_key

__all__ = [
    "KeyOrder",
    "acting_of",
    "change_mandate",
    "choose_taxpayer",
    "find_person",
    "give_up",
    "given_by",
    "grant",
    "issue_key",
    "issue_key_by_operator",
    "journal",
    "journal_person",
    "revoke",
    "revoke_key",
]
