"""The messages of the sources, found without GNU gettext; the same ones that it finds."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    *(
        "imas",
        "accounts",
        "representation",
        "mailbox",
        "intake",
        "isaf",
        "ivaz",
        "avaz",
        "exchange",
        "demo",
    ),
    "templates",
)

_SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_PLURAL_IN_CONTEXT = {"npgettext", "npgettext_lazy"}
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A message as a catalogue keys it; `context` and `plural` are empty when there is none."""

    text: str
    plural: str = ""
    context: str = ""


def messages() -> dict[Message, Path]:
    """Every message of the sources with a file that says it, relative to the project."""
    found: dict[Message, Path] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            for message in _of(path):
                found.setdefault(message, path.relative_to(ROOT))
    return found


def messages_of(patterns: Iterable[str]) -> dict[Message, Path]:
    """Every message of the files that fit patterns, with a file that says it."""
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return {message: path.relative_to(ROOT) for path in paths for message in _of(path)}


def of_python(source: str) -> Iterator[Message]:
    """Messages of calls such as `gettext("…")`; only literal arguments count."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            literals = [_text(argument) for argument in node.args]
            yield from _message(name, [text for text in literals if text])


def of_template(source: str) -> Iterator[Message]:
    """Messages of Django's translation tags and of `_("…")` in tags and filters."""
    for name, literals in _CALL.findall(templatize(source)):
        yield from _message(name, list(ast.literal_eval(f"[{literals}]")))


def _of(path: Path) -> Iterator[Message]:
    match path.suffix:
        case ".py":
            return of_python(path.read_text(encoding="utf-8"))
        case ".html" | ".txt":
            return of_template(path.read_text(encoding="utf-8"))
        case _:
            return iter(())


def _message(name: str, texts: list[str]) -> Iterator[Message]:
    match texts:
        case [text, *_] if name in _SINGULAR:
            yield Message(text)
        case [text, plural, *_] if name in _PLURAL:
            yield Message(text, plural)
        case [context, text, *_] if name in _IN_CONTEXT:
            yield Message(text, "", context)
        case [context, text, plural, *_] if name in _PLURAL_IN_CONTEXT:
            yield Message(text, plural, context)


def _text(node: ast.expr) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else ""  # type: ignore[attr-defined]
