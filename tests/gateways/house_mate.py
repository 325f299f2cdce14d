"""Another system of the authority: `python -m tests.gateways.house_mate PORT ISSUER CLIENT SECRET`.

It knows nobody by itself: it lets in whom i.MAS names, forgets whose session i.MAS ends, and tells
i.MAS when somebody signs out here.
"""

import json
import secrets
import sys
import urllib.request
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk, jwt

EVENT = "http://schemas.openid.net/event/backchannel-logout"


class HouseMate(ThreadingHTTPServer):
    """Who is signed in here, and what is under way."""

    def __init__(self, port: int, issuer: str, client: str, secret: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.url, self.issuer = f"http://localhost:{port}", issuer
        self.client, self.secret = client, secret
        self.under_way: dict[str, tuple[str, str]] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.deaf = False

    def asked(self, address: str) -> dict[str, Any]:
        """Read JSON of i.MAS."""
        with urllib.request.urlopen(address) as answer:
            read: dict[str, Any] = json.load(answer)
            return read

    def session(self) -> OAuth2Session:
        """Return a client of i.MAS."""
        return OAuth2Session(
            self.client,
            self.secret,
            scope="openid profile code",
            redirect_uri=f"{self.url}/callback",
            code_challenge_method="S256",
        )

    def claims(self, token: str, **required: str) -> dict[str, Any]:
        """Return what a token of i.MAS says."""
        keys = jwk.KeySet.import_key_set(self.asked(f"{self.issuer}/sso/keys"))  # type: ignore[arg-type]
        claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client},
            exp={"essential": True},
            **{name: {"essential": True, "value": value} for name, value in required.items()},  # type: ignore[arg-type]
        ).validate(claims)
        return dict(claims)


class Handler(BaseHTTPRequestHandler):
    """The addresses of the system."""

    server: HouseMate

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/":
                self._page()
            case "/login":
                self._login()
            case "/callback":
                self._callback(asked)
            case "/logout":
                self._logout()
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/behave":
            self.server.deaf = json.loads(body).get("deaf", False)
            self._answer(200)
        elif self.server.deaf:
            self._answer(503)
        else:
            claims = self.server.claims(parse_qs(body)["logout_token"][0])
            assert EVENT in claims["events"]
            assert "nonce" not in claims
            for cookie, person in list(self.server.people.items()):
                if person["sid"] == claims["sid"]:
                    del self.server.people[cookie]
            self._answer(200)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in http.server
        """Say nothing."""

    def _cookie(self) -> str:
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        name = f"mate-{self.server.client}"
        return cookies[name].value if name in cookies else ""

    def _page(self) -> None:
        person = self.server.people.get(self._cookie())
        said = "Nobody <a href=/login>Sign in</a>"
        if person:
            said = f"{person['given_name']} {person['personal_code']} <a href=/logout>Sign out</a>"
        page = f"<!doctype html><html lang=en><title>Mate</title><h1>{self.server.client}</h1>"
        self._answer(200, f"{page}<p>{said}</p>".encode())

    def _login(self) -> None:
        state, nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        verifier = secrets.token_urlsafe(48)
        self.server.under_way[state] = (nonce, verifier)
        address, _ = self.server.session().create_authorization_url(
            f"{self.server.issuer}/sso/authorize", state=state, nonce=nonce, code_verifier=verifier
        )
        self._redirect(address)

    def _callback(self, asked: dict[str, str]) -> None:
        nonce, verifier = self.server.under_way.pop(asked["state"])
        token = self.server.session().fetch_token(
            f"{self.server.issuer}/sso/token", code=asked["code"], code_verifier=verifier
        )
        claims = self.server.claims(token["id_token"], nonce=nonce)
        cookie = secrets.token_urlsafe(16)
        self.server.people[cookie] = {**claims, "id_token": token["id_token"]}
        self._redirect("/", f"mate-{self.server.client}={cookie}; Path=/; HttpOnly")

    def _logout(self) -> None:
        person = self.server.people.pop(self._cookie(), None)
        said = {
            "id_token_hint": person["id_token"] if person else "",
            "post_logout_redirect_uri": f"{self.server.url}/",
        }
        self._redirect(f"{self.server.issuer}/sso/end?{urlencode(said)}")

    def _redirect(self, address: str, cookie: str = "") -> None:
        self.send_response(303)
        self.send_header("Location", address)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    HouseMate(int(sys.argv[1]), *sys.argv[2:5]).serve_forever()
