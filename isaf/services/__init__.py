"""The verbs of the i.SAF subsystem."""

from isaf.services.deciding import decide_register
from isaf.services.giving_up import give_up, try_again
from isaf.services.refreshing import refresh_due_pairs
from isaf.services.staging import sweep_parts
from isaf.services.submitting import cancel_register, request_check, submit_register

__all__ = [
    "cancel_register",
    "decide_register",
    "give_up",
    "refresh_due_pairs",
    "request_check",
    "submit_register",
    "sweep_parts",
    "try_again",
]
