"""A real mail server for the tests."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from imas.embedded.notes import free_port


class Catcher:
    """A mail server that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(envelope)
        return "250 OK"

    def words(self) -> list[str]:
        parsed = [
            email.message_from_bytes(one.content or b"", policy=email.policy.default)
            for one in self.taken
            if isinstance(one.content, bytes)
        ]
        return [f"{letter['Subject']}\n{letter.get_content()}" for letter in parsed]


@contextmanager
def catching(settings: Settings) -> Iterator[Catcher]:
    """A mail server that the house sends to."""
    handler = Catcher()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()
