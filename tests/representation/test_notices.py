"""What happens to mandates reaches the mailbox, a floor above."""

import pytest

from mailbox.models import Message
from representation import notices
from tests.make import make_taxpayer

pytestmark = pytest.mark.django_db


def test_what_is_told_of_mandates_is_in_the_box_once() -> None:
    taxpayer = make_taxpayer()
    for _ in range(2):
        notices.post(
            taxpayer.pk,
            "waits.7",
            "representation.waits-for-second",
            "representation:representatives",
            name="Ona",
            proposer="Petras",
        )
    message = Message.objects.get(taxpayer=taxpayer)
    assert (message.subsystem, message.key) == ("representation", "representation.waits.7")
    assert message.url_name == "representation:representatives"
