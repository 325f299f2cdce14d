"""`python -m imas.local.mail`: takes the mail of a local run and keeps it as files to read."""

import os
import re
import signal
import sys
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from imas.embedded.notes import var_dir
from imas.kernel import clock


class Catcher:
    """Writes every message to a folder as `<time>-<to>.eml`, newest last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the message and tell the terminal that it came."""
        recipients = re.sub(r"[^A-Za-z0-9@.]+", "_", "-".join(envelope.rcpt_tos))
        path = self.folder / f"{clock.now():%Y%m%dT%H%M%S.%f}-{recipients}.eml"
        fresh = path.with_suffix(".new")
        fresh.write_bytes(envelope.original_content)
        fresh.replace(path)
        sys.stdout.write(_summary(path, envelope.original_content))
        sys.stdout.flush()
        return "250 Message kept"


def _summary(path: Path, content: bytes) -> str:
    message: EmailMessage = message_from_bytes(content, policy=policy.default)
    return f"{message['to']}: {message['subject']} ({path})\n"


def main() -> None:
    """Serve until told to stop."""
    folder = var_dir() / "mail"
    catcher = Controller(Catcher(folder), "127.0.0.1", int(os.environ["EMAIL_PORT"]))
    catcher.start()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    stopped.wait()
    catcher.stop()


if __name__ == "__main__":
    main()
