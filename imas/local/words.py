"""`python -m imas.local.words`: compile locale/*.po without GNU gettext; `--check` demands all.

Complete means: every message of the sources is in the catalogue, translated, and not fuzzy.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]


def compile_all() -> None:
    """Write a .mo beside every .po."""
    for path in _catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def faults() -> Iterator[str]:
    """Every message that a reader would see untranslated."""
    paths = list(_catalogues())
    if not paths:
        yield "locale: there is no catalogue"
    for path in paths:
        catalogue = polib.pofile(str(path))
        for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries():
            yield f"{path.relative_to(ROOT)}:{entry.linenum}: {entry.msgid}"


def _catalogues() -> Iterator[Path]:
    return ROOT.glob("locale/*/LC_MESSAGES/*.po")


if __name__ == "__main__":
    compile_all()
    if "--check" in sys.argv:
        found = list(faults())
        sys.stdout.writelines(f"{fault}\n" for fault in found)
        sys.exit(1 if found else 0)
