"""Pages of the pretended bank, plainly marked: nobody may take them for a real one."""

from collections.abc import Iterable, Mapping
from html import escape

_STYLE = """
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #1c2430; background: #fff8e1; }
.mark { margin: 0; padding: .75rem 1rem; background: #7a4a00; color: #fff; font-weight: 600; }
main { max-width: 34rem; margin: 1.5rem auto; padding: 0 1rem; }
fieldset { border: 1px solid #b08a45; border-radius: 8px; margin: 0 0 1rem; padding: 1rem; }
label { display: block; padding: .25rem 0; }
button { font: inherit; padding: .6rem 1rem; border: 0; border-radius: 6px; color: #fff;
  background: #0b5cc4; margin: 0 .5rem .5rem 0; }
button.other { color: #1c2430; background: #e6e2d6; }
""".strip()
_METHODS = {
    "auth.lt.bank": "Bankas / Bank",
    "auth.signatureProvider": "El. parašas / e-signature",
    "auth.eidas": "eIDAS",
}


def choice(ticket: str, people: Iterable[Mapping[str, str]], methods: Iterable[str]) -> str:
    """Ask who one pretends to be, and by which method."""
    offered = [name for name in _METHODS if name in methods]
    ways = "".join(
        f"<label><input type=radio name=method value='{name}'{' checked' * (not number)}> "
        f"{_METHODS[name]}</label>"
        for number, name in enumerate(offered)
    )
    names = "".join(
        f"<label><input type=radio name=person value={number}{' checked' * (not number)}> "
        f"{escape(one['firstName'])} {escape(one['lastName'])}</label>"
        for number, one in enumerate(people)
    )
    return _page(
        f"<form method=post action=/portal/choose>"
        f"<input type=hidden name=ticket value='{escape(ticket)}'>"
        f"<fieldset><legend>Kuo apsimetate? / Who are you pretending to be?</legend>{names}"
        f"</fieldset><fieldset><legend>Kaip? / How?</legend>{ways}</fieldset>"
        "<button name=done value=yes>Patvirtinti / Confirm</button>"
        "<button class=other name=done value=no>Atsisakyti / Refuse</button></form>"
    )


def way_back(address: str, fields: Mapping[str, str]) -> str:
    """Send the browser back by a form, as VIISP does."""
    hidden = "".join(
        f"<input type=hidden name='{escape(name)}' value='{escape(value)}'>"
        for name, value in fields.items()
    )
    return _page(
        f"<form id=back method=post action='{escape(address)}'>{hidden}"
        "<button>Grįžti / Go back</button></form>"
        "<script>document.getElementById('back').submit()</script>"
    )


def _page(content: str) -> str:
    return (
        "<!doctype html><html lang=lt><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        "<title>Parodomasis bankas</title>"
        f"<style>{_STYLE}</style>"
        "<p class=mark>PARODOMASIS BANKAS. Tai ne bankas: tapatybė čia netikrinama. "
        "/ DEMONSTRATION BANK. Not a bank: no identity is checked here.</p>"
        f"<main><h1>Parodomasis bankas</h1>{content}</main></html>"
    )
