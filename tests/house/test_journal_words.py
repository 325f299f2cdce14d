"""Whatever the house writes into the journal can be read there as words."""

import re
from pathlib import Path

from django.apps import apps

from representation.messages import action_words

ROOT = Path(__file__).resolve().parents[2]
_ACTION = re.compile(r"""journal\(.{0,160}?"([a-z]+\.[a-z-]+)\"""", re.DOTALL)


def written() -> set[str]:
    """Every action named where the journal is written."""
    folders = [Path(app.path) for app in apps.get_app_configs() if ROOT in Path(app.path).parents]
    sources = [file.read_text() for folder in folders for file in folder.rglob("services/*.py")]
    sources += [(folder / "services.py").read_text() for folder in folders if _has(folder)]
    return {action for source in sources for action in _ACTION.findall(source)}


def _has(folder: Path) -> bool:
    return (folder / "services.py").exists()


def test_every_action_has_words() -> None:
    actions = written()
    assert {"isaf.register-submitted", "intake.document-failed", "mailbox.read"} <= actions
    assert [action for action in sorted(actions) if action_words(action) == action] == []
