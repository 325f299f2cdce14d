"""The pretended AIS: it is told of roles, and knows whom it has been told of."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any

from imas.local.systems import pages
from imas.local.systems.server import Refused, System

EVENT = "urn:imas:event:roles"


class Ais(System):
    """Keeps roles in a file; a message may come twice, and late ones change nothing."""

    scope = "openid profile code ais"

    def __init__(self, *arguments: Any, keeps: Path) -> None:
        super().__init__(*arguments)
        self.keeps, self.lock = keeps, Lock()
        self.held: dict[str, dict[str, Any]] = {}
        if keeps.exists():
            self.held = json.loads(keeps.read_text(encoding="utf-8"))

    def content(self, person: Mapping[str, Any] | None) -> str:
        """Show the roles somebody has here, or say that AIS does not know him."""
        if person is None:
            return pages.nobody()
        found = self.roles_of(person)
        shown = pages.roles(found) if found else pages.not_found(self.issuer)
        return shown + pages.somebody(person, self.issuer)

    def roles_of(self, person: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the taxpayers and roles that the sign-in named and that were delivered here."""
        found = []
        for one in person.get("ais_taxpayers", []):
            held = self.held.get(f"{person['sub']} {one['code']}", {"roles": []})
            roles = [role for role in one["roles"] if role in held["roles"]]
            if roles:
                found.append({**one, "roles": roles})
        return found

    def take(self, path: str, body: str) -> int:
        """Take roles, each message once and none older than what is held."""
        if path != "/roles":
            return super().take(path, body)
        said = self.claims(body, "secevent+jwt")
        told = said["events"].get(EVENT)
        if told is None:
            raise Refused("invalid_request", "Only roles are taken here.")
        who = f"{told['person']['sub']} {told['taxpayer']['code']}"
        with self.lock:
            if told["number"] > self.held.get(who, {"number": 0})["number"]:
                self.held[who] = {"number": told["number"], "roles": told["roles"]}
                self.keeps.write_text(json.dumps(self.held), encoding="utf-8")
        return HTTPStatus.ACCEPTED
