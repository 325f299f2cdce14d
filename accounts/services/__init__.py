"""What people do about themselves: enter, prove who they are, accept the rules, hold keys.

Passkeys have a room of their own, `accounts.services.passkeys`: its library is not for workers.
"""

from accounts.services.applying import (
    Applicant,
    applicant_secret,
    apply_for_access,
    confirm_application,
    end_applications,
    remove_needless_scans,
)
from accounts.services.confirming import (
    LETTERS_PER_HOUR,
    confirm_email,
    request_email_confirmation,
    token_of,
    undo_new_email,
)
from accounts.services.credentials import note_reason, revoke_credential, rotate_key
from accounts.services.deciding import (
    approve_application,
    decline_application,
    find_application,
    likenesses_of,
    propose_login_name,
    scan_of,
    send_welcome_again,
    set_first_password,
    welcomed,
)
from accounts.services.entering import (
    Entering,
    enter,
    entering,
    finish_entering,
    is_password_of,
    sign_in,
)
from accounts.services.factors import (
    begin_totp,
    confirm_totp,
    new_recovery_codes,
    prove_by_recovery_code,
    prove_by_totp,
    remove_passkey,
    remove_totp,
    reset_factors,
    totp_address,
)
from accounts.services.letters import letter_of, secret_of, use_link, write_letter
from accounts.services.phones import (
    confirm_phone,
    phone_code,
    remove_phone,
    request_phone_code,
)
from accounts.services.profile import (
    accept_rules,
    change_password,
    choose_language,
    save_contact_data,
)
from accounts.services.recognising import recognise_person
from accounts.services.recovering import recover, recovering_user, request_recovery
from accounts.services.sessions import (
    end_session,
    end_sessions,
    is_record_of,
    leave,
    note_ended_use,
    note_use,
)
from accounts.services.visiting import forget_visits

__all__ = [
    "LETTERS_PER_HOUR",
    "Applicant",
    "Entering",
    "accept_rules",
    "applicant_secret",
    "apply_for_access",
    "approve_application",
    "begin_totp",
    "change_password",
    "choose_language",
    "confirm_application",
    "confirm_email",
    "confirm_phone",
    "confirm_totp",
    "decline_application",
    "end_applications",
    "end_session",
    "end_sessions",
    "enter",
    "entering",
    "find_application",
    "finish_entering",
    "forget_visits",
    "is_password_of",
    "is_record_of",
    "leave",
    "letter_of",
    "likenesses_of",
    "new_recovery_codes",
    "note_ended_use",
    "note_reason",
    "note_use",
    "phone_code",
    "propose_login_name",
    "prove_by_recovery_code",
    "prove_by_totp",
    "recognise_person",
    "recover",
    "recovering_user",
    "remove_needless_scans",
    "remove_passkey",
    "remove_phone",
    "remove_totp",
    "request_email_confirmation",
    "request_phone_code",
    "request_recovery",
    "reset_factors",
    "revoke_credential",
    "rotate_key",
    "save_contact_data",
    "scan_of",
    "secret_of",
    "send_welcome_again",
    "set_first_password",
    "sign_in",
    "token_of",
    "totp_address",
    "undo_new_email",
    "use_link",
    "welcomed",
    "write_letter",
]
