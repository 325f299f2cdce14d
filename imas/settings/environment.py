"""What the environment tells the portal, and where this house stands."""

import os
from pathlib import Path

from imas import embedded
from imas.environ import BASE_DIR, env_bool, env_int, env_list, env_text

__all__ = [
    "BASE_DIR",
    "EMBEDDED",
    "VAR_DIR",
    "env_bool",
    "env_int",
    "env_list",
    "env_text",
]

# A checkout with the development wheels borrows its addresses and secrets from VAR_DIR.
EMBEDDED = "DATABASE_URL" not in os.environ and env_bool("EMBEDDED", default=embedded.available())
if EMBEDDED:
    embedded.lend(os.environ)

VAR_DIR = Path(env_text("VAR_DIR", "var")).resolve()
