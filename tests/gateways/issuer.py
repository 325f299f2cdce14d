"""A small OpenID Connect provider of its own process: `python -m tests.gateways.issuer PORT`.

It signs in whoever is chosen on its page. Tests tell it by POST /behave whom it knows and how it is
to lie: other claims, another key, another algorithm.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT = ("imas", "client-secret")


class Issuer(ThreadingHTTPServer):
    """What the provider remembers."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.url = f"http://localhost:{port}"
        self.codes: dict[str, dict[str, str]] = {}
        self.people: list[dict[str, str]] = []
        self.lies: dict[str, Any] = {}
        self.key = _new_key()

    def id_token(self, asked: dict[str, str]) -> str:
        """Sign what is known of the person, and what this provider was told to lie."""
        now = int(time.time())
        person = self.people[int(asked["person"])]
        claims = {
            "iss": self.url,
            "aud": CLIENT[0],
            "sub": person["sub"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **person,
            **self.lies.get("claims", {}),
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid, **self.lies.get("header", {})}
        if header["alg"] == "none":
            return f"{_plain(header)}.{_plain(claims)}."
        if header["alg"] == "HS256":
            return _signed_with_the_public_key(self.key, f"{_plain(header)}.{_plain(claims)}")
        key: Any = self.key
        if self.lies.get("other_key"):
            key = _new_key()
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])

    def logout_token(self, claims: dict[str, Any]) -> str:
        """Sign that a session has ended, or what a test wants said."""
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": CLIENT[0],
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(
            {"alg": "RS256", "kid": self.key.kid, "typ": "logout+jwt"}, said, self.key
        )


class Handler(BaseHTTPRequestHandler):
    """The addresses of the provider."""

    server: Issuer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(self._description())
        elif parts.path == "/jwks":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            self._page(parts.query)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        parts = urlsplit(self.path)
        if parts.path == "/behave":
            self._behave(json.loads(body))
        elif parts.path == "/authorize":
            self._give_code(parts.query, body)
        elif parts.path == "/end":
            self._json({"logout_token": self.server.logout_token(json.loads(body))})
        elif parts.path == "/token":
            self._give_token({name: values[0] for name, values in parse_qs(body).items()})
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in http.server
        """Say nothing."""

    def _description(self) -> dict[str, Any]:
        url = self.server.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/jwks",
        }

    def _behave(self, told: dict[str, Any]) -> None:
        self.server.people = told.get("people", self.server.people)
        self.server.lies = told.get("lies", {})
        if told.get("new_key"):
            self.server.key = _new_key()
        self._json({})

    def _page(self, query: str) -> None:
        buttons = "".join(
            f"<button name=person value={number}>{escape(person['given_name'])}</button>"
            for number, person in enumerate(self.server.people)
        )
        form = f"<form method=post action='/authorize?{escape(query)}'>{buttons}"
        refuse = "<button name=person value=nobody>Refuse</button></form>"
        page = f"<!doctype html><html lang=en><title>Bank</title><h1>Bank</h1>{form}{refuse}"
        self._answer(200, page.encode(), "text/html; charset=utf-8")

    def _give_code(self, query: str, body: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        person = parse_qs(body)["person"][0]
        if person == "nobody":
            self._back(asked, {"error": "access_denied"})
            return
        code = secrets.token_urlsafe(16)
        self.server.codes[code] = {**asked, "person": person}
        self._back(asked, {"code": code, "iss": self.server.lies.get("iss", self.server.url)})

    def _back(self, asked: dict[str, str], answer: dict[str, str]) -> None:
        answer = {"state": self.server.lies.get("state", asked["state"]), **answer}
        self.send_response(303)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def _give_token(self, form: dict[str, str]) -> None:
        given = base64.b64decode(self.headers.get("Authorization", "Basic ").split()[-1]).decode()
        asked = self.server.codes.pop(form["code"], None)
        if given != ":".join(CLIENT) or asked is None or not _fits(asked, form):
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json(
            {
                "access_token": secrets.token_urlsafe(16),
                "token_type": "Bearer",
                "id_token": self.server.id_token(asked),
            }
        )

    def _json(self, body: dict[str, Any], status: int = 200) -> None:
        self._answer(status, json.dumps(body).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _fits(asked: dict[str, str], form: dict[str, str]) -> bool:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (
        asked["code_challenge_method"] == "S256"
        and asked["code_challenge"] == challenge
        and asked["redirect_uri"] == form["redirect_uri"]
    )


def _signed_with_the_public_key(key: jwk.RSAKey, text: str) -> str:
    """Return the old trick of a public key taken for a shared secret."""
    signature = hmac.digest(key.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _plain(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _new_key() -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})


if __name__ == "__main__":
    Issuer(int(sys.argv[1])).serve_forever()
