"""Work of this app that nobody waits for."""

from collections.abc import Iterable
from uuid import UUID

from celery import shared_task

from accounts import letters, services, texts
from accounts.sso import telling


@shared_task(name="accounts.send_confirmation", acks_late=True, ignore_result=True)
def send_confirmation(confirmation_id: str) -> None:
    """Send one confirmation letter."""
    letters.send_confirmation(UUID(confirmation_id))


@shared_task(name="accounts.send_confirmations", acks_late=True, ignore_result=True)
def send_confirmations() -> None:
    """Send confirmation letters that were left waiting."""
    letters.send_due_confirmations()


@shared_task(name="accounts.forget_visits", acks_late=True, ignore_result=True)
def forget_visits() -> None:
    """Drop trips to providers that ended long ago."""
    services.forget_visits()


@shared_task(name="accounts.send_safety_letters", acks_late=True, ignore_result=True)
def send_safety_letters() -> None:
    """Send the letters about the safety of accounts that wait."""
    letters.send_due_safety_letters()


@shared_task(name="accounts.send_applicant_letter", acks_late=True, ignore_result=True)
def send_applicant_letter(letter_id: str) -> None:
    """Send one letter to an applicant."""
    letters.send_applicant_letter(UUID(letter_id))


@shared_task(name="accounts.send_applicant_letters", acks_late=True, ignore_result=True)
def send_applicant_letters() -> None:
    """Send the letters to applicants that wait."""
    letters.send_due_applicant_letters()


@shared_task(name="accounts.send_phone_code", acks_late=True, ignore_result=True)
def send_phone_code(confirmation_id: str) -> None:
    """Send one code to a phone."""
    texts.send_phone_code(UUID(confirmation_id))


@shared_task(name="accounts.send_phone_codes", acks_late=True, ignore_result=True)
def send_phone_codes() -> None:
    """Send the codes to phones that wait."""
    texts.send_due_phone_codes()


@shared_task(name="accounts.end_applications", acks_late=True, ignore_result=True)
def end_applications() -> None:
    """End applications nobody confirmed, and remove scans that are not needed any more."""
    services.end_applications()
    services.remove_needless_scans()


@shared_task(name="accounts.tell_party", acks_late=True, ignore_result=True)
def tell_party(sharing_id: int) -> None:
    """Tell a system that a session it shares has ended."""
    telling.tell_party(sharing_id)


@shared_task(name="accounts.tell_parties", acks_late=True, ignore_result=True)
def tell_parties() -> None:
    """End shared sessions that lapsed, and tell whoever was not reached."""
    telling.tell_all_due()


def tell_of(sharing_ids: Iterable[int]) -> None:
    """Queue the notices of an end."""
    for sharing_id in sharing_ids:
        tell_party.delay_on_commit(sharing_id)
