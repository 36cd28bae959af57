"""A small OpenID Connect service that runs in the test: real HTTP over loopback, real keys, and a lie on request."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "festoon", "what we told each other"


class Service:
    """Who signs in there is `claims`; `lie` changes the token, `key` signs it, `says` is what it was asked."""

    def __init__(self) -> None:
        self.keys = {
            name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("ours", "another")
        }
        self.door = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.door.server_port}"
        self.thread = threading.Thread(target=self.door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        self.forget()

    def forget(self) -> None:
        """Everything is as it should be again."""
        self.claims: dict[str, Any] = {}
        self.lie: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.more: dict[str, Any] | None = None
        self.key, self.algorithm, self.asked = "ours", "RS256", dict[str, dict[str, str]]()

    def close(self) -> None:
        self.door.shutdown()
        self.door.server_close()

    def configuration(self) -> dict[str, Any]:
        doors = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "keys",
        }
        told = {name: f"{self.issuer}/{path}" for name, path in doors.items()}
        return {
            "issuer": self.issuer,
            **told,
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.told,
        }

    def jwks(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys["ours"].public_key()))
        return {"keys": [{**public, "kid": "ours", "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Somebody signed in here: where the browser goes back to."""
        assert query["response_type"] == "code"
        assert "openid" in query["scope"].split()
        code = hashlib.sha256(query["state"].encode()).hexdigest()
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """A code for a token, once, to who asked, proved by secret and verifier."""
        query = self.asked.pop(form["code"])
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        assert (form["redirect_uri"], challenge.decode()) == (query["redirect_uri"], query["code_challenge"])
        assert query["code_challenge_method"] == "S256"
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            **self.claims,
            **self.lie,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = {"HS256": SECRET, "none": None}.get(self.algorithm, self.keys[self.key])
        signed = jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "ours"})
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", service.authorize({k: v[0] for k, v in parse_qs(parts.query).items()}))
                self.end_headers()
            else:
                answers = {
                    "/.well-known/openid-configuration": service.configuration,
                    "/keys": service.jwks,
                    "/userinfo": lambda: service.more,
                }
                self.say(answers[parts.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                self.say(service.token({k: v[0] for k, v in parse_qs(body).items()}))
            except (AssertionError, KeyError):
                self.say({"error": "invalid_grant"}, 400)

        def say(self, what: Any, status: int = 200) -> None:
            data = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Silent."""

    return Handler
