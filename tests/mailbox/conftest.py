"""Fixtures of the mailbox."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.mailbox.catcher import Catcher, catching


@pytest.fixture
def catcher(settings: Settings) -> Iterator[Catcher]:
    """A mail server that the house sends to."""
    with catching(settings) as server:
        yield server
