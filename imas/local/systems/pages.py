"""Pages of the pretended systems, plainly marked: nobody may take them for real ones."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_STYLE = """
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #1c2430; background: #eef4ee; }
.mark { margin: 0; padding: .75rem 1rem; background: #1f4d2b; color: #fff; font-weight: 600; }
main { max-width: 38rem; margin: 1.5rem auto; padding: 0 1rem; }
.card { border: 1px solid #9db8a3; border-radius: 8px; padding: .5rem 1rem; margin: 0 0 1rem;
  background: #fff; }
.error { border-color: #b3261e; }
a { color: #0b5cc4; }
a.button { display: inline-block; padding: .6rem 1rem; border-radius: 6px; color: #fff;
  background: #0b5cc4; margin: 0 .5rem .5rem 0; text-decoration: none; }
""".strip()

NOT_FOUND = {
    "lt": "Išorinis ūkio subjekto vartotojas AIS sistemoje nerastas. Prašome užsiregistruoti "
    "„Mano VMI“ portale AIS naudotoju ir/arba mėginkite jungtis vėliau.",
    "en": "The external user of the economic entity is not found in the AIS system. Please "
    "register as a user of AIS in the My STI portal and/or try to connect later.",
}
"""What AIS says to whom it does not know ("Prisijungimo prie AIS atmintinė", 3)."""


def page(name: str, content: str) -> str:
    """Return a whole page of a system."""
    return (
        "<!doctype html><html lang=lt><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{escape(name)} (parodomoji)</title><style>{_STYLE}</style>"
        "<p class=mark>PARODOMOJI SISTEMA. Tai ne tikroji VMI sistema. "
        "/ DEMONSTRATION. Not the real system of the STI.</p>"
        f"<main><h1>{escape(name)}</h1>{content}</main></html>"
    )


def nobody() -> str:
    """Say that nobody is signed in here, and offer the way in."""
    return (
        "<p>Neprisijungta. / Nobody is signed in.</p>"
        "<p><a class=button href=/login>Prisijungti per i.MAS / Sign in with i.MAS</a></p>"
    )


def somebody(person: Mapping[str, Any], issuer: str) -> str:
    """Greet whoever is signed in, and offer the way out and back to i.MAS."""
    name = escape(f"{person.get('given_name', '')} {person.get('family_name', '')}".strip())
    return (
        f"<p>Prisijungęs asmuo / Signed in: <b>{name}</b></p>"
        f"<p><a class=button href='{escape(issuer)}/systems/'>i.MAS</a> "
        "<a class=button href=/logout>Atsijungti visur / Sign out of all</a></p>"
    )


def roles(taxpayers: Sequence[Mapping[str, Any]]) -> str:
    """Show for whom somebody has which roles."""
    return "".join(
        f"<div class=card><h2>{escape(one['name'])}</h2><p>{escape(one['code'])}</p><ul>"
        + "".join(f"<li>{escape(role)}</li>" for role in one["roles"])
        + "</ul></div>"
        for one in taxpayers
    )


def not_found(issuer: str) -> str:
    """Say what AIS says to whom it does not know, and where to read what to do."""
    what = f"{escape(issuer)}/systems/ais/no-roles/"
    return (
        f"<div class='card error' role=alert><p lang=lt>{NOT_FOUND['lt']}</p>"
        f"<p lang=en>{NOT_FOUND['en']}</p>"
        f"<p><a href='{what}'>Ką daryti? / What to do?</a></p></div>"
    )
