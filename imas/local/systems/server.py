"""A party of our single sign-on: it knows nobody by itself.

It lets in whom i.MAS names, forgets whose session i.MAS ends, and tells i.MAS when somebody signs
out here. It verifies tokens by itself, not with the code of `accounts`, so that both sides agree on
the messages and not on a mistake.
"""

import json
import secrets
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from imas.local.systems import pages

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


class Refused(Exception):  # noqa: N818 - what it is, is a refusal
    """The system refuses a message: the code and the words of RFC 8935, 2.3."""

    def __init__(self, error: str, description: str) -> None:
        self.error, self.description = error, description
        super().__init__(error)


class System(ThreadingHTTPServer):
    """One system: who is signed in, and whose sign-in is under way."""

    scope = "openid profile code"

    def __init__(self, port: int, issuer: str, client: str, secret: str, name: str = "") -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.url, self.issuer = f"http://localhost:{port}", issuer
        self.client, self.secret, self.name = client, secret, name or client
        self.under_way: dict[str, tuple[str, str]] = {}
        self.people: dict[str, dict[str, Any]] = {}

    def content(self, person: Mapping[str, Any] | None) -> str:
        """Return what the start page shows to somebody or to nobody."""
        return pages.somebody(person, self.issuer) if person else pages.nobody()

    def take(self, path: str, body: str) -> int:
        """Take what i.MAS posts; return the status of the answer."""
        if path != "/ended":
            return HTTPStatus.NOT_FOUND
        said = self.claims(parse_qs(body)["logout_token"][0], "logout+jwt")
        if LOGOUT not in said["events"] or "nonce" in said:
            raise Refused("invalid_request", "This ends no session.")
        for cookie, person in list(self.people.items()):
            if person["sid"] == said["sid"]:
                del self.people[cookie]
        return HTTPStatus.OK

    def session(self) -> OAuth2Session:
        """Return a client of i.MAS."""
        return OAuth2Session(
            self.client,
            self.secret,
            scope=self.scope,
            redirect_uri=f"{self.url}/callback",
            code_challenge_method="S256",
        )

    def claims(self, token: str, kind: str, **required: str) -> dict[str, Any]:
        """Return what a token of i.MAS says; anything else is `Refused`."""
        try:
            read = jwt.decode(token, self._keys(), algorithms=["RS256"])
            jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client},
                **{name: {"essential": True, "value": value} for name, value in required.items()},  # type: ignore[arg-type]
            ).validate(read.claims)
        except (JoseError, ValueError) as error:
            raise Refused("authentication_failed", "The token is not for us.") from error
        if read.header.get("typ", "JWT") != kind:
            raise Refused("invalid_request", "The token is of another kind.")
        return dict(read.claims)

    def _keys(self) -> jwk.KeySet:
        with urllib.request.urlopen(f"{self.issuer}/sso/keys") as answer:  # noqa: S310 - our own
            return jwk.KeySet.import_key_set(json.load(answer))


class Handler(BaseHTTPRequestHandler):
    """The addresses of a system."""

    server: System

    def do_GET(self) -> None:
        """Answer people."""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/":
                person = self.server.people.get(self._cookie())
                page = pages.page(self.server.name, self.server.content(person))
                self.answer(HTTPStatus.OK, page.encode())
            case "/login":
                self._login()
            case "/callback":
                self._callback(asked)
            case "/logout":
                self._logout()
            case _:
                self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Answer i.MAS."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        try:
            self.answer(self.server.take(self.path, body))
        except Refused as refusal:
            said = {"err": refusal.error, "description": refusal.description}
            self.answer(HTTPStatus.BAD_REQUEST, json.dumps(said).encode(), "application/json")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in http.server
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", kind: str = "text/html") -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cookie(self) -> str:
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        name = f"system-{self.server.client}"
        return cookies[name].value if name in cookies else ""

    def _login(self) -> None:
        state, nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        verifier = secrets.token_urlsafe(48)
        self.server.under_way[state] = (nonce, verifier)
        address, _ = self.server.session().create_authorization_url(
            f"{self.server.issuer}/sso/authorize", state=state, nonce=nonce, code_verifier=verifier
        )
        self._redirect(address)

    def _callback(self, asked: Mapping[str, str]) -> None:
        under_way = self.server.under_way.pop(asked.get("state", ""), None)
        if under_way is None or "code" not in asked:
            self._redirect("/")
            return
        nonce, verifier = under_way
        token = self.server.session().fetch_token(
            f"{self.server.issuer}/sso/token", code=asked["code"], code_verifier=verifier
        )
        claims = self.server.claims(token["id_token"], "JWT", nonce=nonce)
        cookie = secrets.token_urlsafe(16)
        self.server.people[cookie] = {**claims, "id_token": token["id_token"]}
        self._redirect("/", f"system-{self.server.client}={cookie}; Path=/; HttpOnly; SameSite=Lax")

    def _logout(self) -> None:
        person = self.server.people.pop(self._cookie(), None)
        said = {
            "id_token_hint": person["id_token"] if person else "",
            "post_logout_redirect_uri": f"{self.server.url}/",
        }
        self._redirect(f"{self.server.issuer}/sso/end?{urlencode(said)}")

    def _redirect(self, address: str, cookie: str = "") -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", address)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()
