"""Take a returned letter from standard input, as a mail server hands it over."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from mailbox.returned import LARGEST
from mailbox.services import take_returned_letter


class Command(BaseCommand):
    """Says nothing: whatever is not a returned letter of ours is passed over."""

    help = "Read a returned letter (RFC 3464) from standard input; its address is marked."

    def handle(self, *_: Any, **__: Any) -> None:
        """Read no more than is looked at, and mark the address."""
        take_returned_letter(sys.stdin.buffer.read(LARGEST))
