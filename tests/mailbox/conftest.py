"""Fixtures of the mailbox."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.mailbox.catcher import Catcher, catching
from tests.mailbox.receiver import Receiver, receiving


@pytest.fixture
def catcher(settings: Settings) -> Iterator[Catcher]:
    """A mail server that the house sends to."""
    with catching(settings) as server:
        yield server


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A server that webhooks call on this machine."""
    settings.WEBHOOK_INSECURE = True
    with receiving() as server:
        yield server
