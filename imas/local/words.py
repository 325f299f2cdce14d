"""`python -m imas.local.words`: compile locale/*.po without GNU gettext; polib alone is needed."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]


def compile_all() -> None:
    """Write a .mo beside every .po."""
    for path in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


if __name__ == "__main__":
    compile_all()
