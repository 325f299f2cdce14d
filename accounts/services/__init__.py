"""What people do about themselves: sign in, accept the rules, confirm an address, hold keys."""

from accounts.services.confirming import (
    LETTERS_PER_HOUR,
    confirm_email,
    request_email_confirmation,
    token_of,
)
from accounts.services.entering import enter, is_password_of, sign_in
from accounts.services.keys import revoke_key
from accounts.services.profile import (
    accept_rules,
    change_password,
    choose_language,
    save_contact_data,
)
from accounts.services.recognising import recognise_person
from accounts.services.visiting import forget_visits

__all__ = [
    "LETTERS_PER_HOUR",
    "accept_rules",
    "change_password",
    "choose_language",
    "confirm_email",
    "enter",
    "forget_visits",
    "is_password_of",
    "recognise_person",
    "request_email_confirmation",
    "revoke_key",
    "save_contact_data",
    "sign_in",
    "token_of",
]
