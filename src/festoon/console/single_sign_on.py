"""How django-allauth speaks to the other house for us: what it asks, what it believes, what it answers.

Its own part is the protocol: state, PKCE, the exchange of the code, the keys. Ours: the token's signature is looked at
even when it came over TLS, the token answers the question this browser asked (nonce), every address is
safe, nothing of the answer is kept, and whoever comes is one of our people (`catalog.single_sign_on`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from festoon.base.words import Words
from festoon.catalog.other_house import OtherHouse, is_safe
from festoon.records.refusal import Refusal

Then = Callable[[HttpRequest, Mapping[str, Any]], HttpResponse]
BELIEVED = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
"""Signatures with two keys: of one key, ours, anybody who reads the file could make one."""
CLOCKS_DIFFER = 30
"""Seconds by which the other house's clock may be ahead or behind."""
REMEMBERED = 600
"""Seconds in which the other house is not asked again where its doors are."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
FAILED = Words(
    "The sign-in with the other service did not work. Try again, or sign in by name and password.",
    "通过该服务登录未成功，请重试，或使用用户名和密码登录。",
)
CANCELLED = Words("The sign-in was cancelled there.", "您已在该服务中取消登录。")


def house() -> OtherHouse | None:
    """Who vouches for our people; None where nobody does."""
    found: OtherHouse | None = settings.FESTOON_OTHER_HOUSE
    return found


def failed(words: Words = FAILED) -> Refusal:
    """What is said when it did not work out, whatever the reason: the reason is for the log."""
    return Refusal("other_house", words, status=403)


class Asking(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in: where the other house is, and the claims of the token it gave."""

    def __init__(self, request: HttpRequest, provider_id: str = "", *, then: Then | None = None) -> None:
        super().__init__(request, provider_id)
        self.then = then

    def get_provider(self) -> Provider:
        """The other house."""
        return provider(self.request)

    @property
    def openid_config(self) -> dict[str, Any]:
        """Where the doors of the other house are. Raises OAuth2Error when they are another's or not safe."""
        key = f"festoon.other_house:{self.get_provider().server_url}"
        told: dict[str, Any] | None = cache.get(key)
        if told is None:
            told = dict(super().openid_config)
            if str(told.get("issuer", "")).rstrip("/") != _house().issuer:
                raise OAuth2Error("the issuer is another's")
            if not all(told.get(each) and is_safe(told[each]) for each in ENDPOINTS):
                raise OAuth2Error("an address is missing or not safe")
            cache.set(key, told, REMEMBERED)
        return told

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the browser comes back to."""
        path = reverse("console:sign-in-back")
        return f"{_house().address}{path}" if _house().address else request.build_absolute_uri(path)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **given: Any) -> Any:
        """End here, with what `then` makes of the claims: accounts and sessions are ours, not django-allauth's."""
        assert self.then is not None, "who asks says what becomes of the answer"
        raise ImmediateHttpResponse(self.then(request, self._claims(app, given["response"], token.token)))

    def _claims(self, app: SocialApp, response: dict[str, Any], access: str) -> dict[str, Any]:
        """What the token says of somebody; the rest from the house's `userinfo`, if it is of the same one."""
        if not (told := response.get("id_token")):
            raise OAuth2Error("no token of identity")
        claims = self._decode_id_token(app, told)
        if not constant_time_compare(str(claims.get("nonce", "")), nonce(self.request.GET.get("state", ""))):
            raise OAuth2Error("the token answers another question")
        if "email" not in claims and is_safe(self.openid_config.get("userinfo_endpoint") or "http://"):
            more = self._fetch_user_info(access)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is of somebody else")
            claims = more | claims
        return claims

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        if _algorithm(id_token) not in BELIEVED:
            raise OAuth2Error("not signed with two keys")
        signed, key = jwtkit.fetch_key(id_token, self.openid_config["jwks_uri"], jwtkit.lookup_kid_jwk)
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token, key, algorithms=[signed], issuer=self.openid_config["issuer"], audience=app.client_id,
                leeway=CLOCKS_DIFFER, options={"require": ["sub", "exp", "iat"]},
            )  # fmt: skip
        except jwt.PyJWTError as wrong:
            raise OAuth2Error("the token does not hold") from wrong
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the token was given to another")
        return claims


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The other house, as django-allauth calls it."""

    oauth2_adapter_class = Asking

    def ask(self, request: HttpRequest) -> HttpResponse:
        """Send the browser there; it comes back with the state that this browser's session holds."""
        state = get_random_string(32)
        asked: HttpResponse = self.redirect(request, "login", state_id=state, auth_params={"nonce": nonce(state)})
        return asked


def provider(request: HttpRequest) -> Provider:
    """The one house of FESTOON_SIGN_IN: no row of a table adds another."""
    told = {"server_url": _house().issuer, "oauth_pkce_enabled": True}
    app = SocialApp(provider="openid_connect", client_id=_house().client, secret=_house().secret, settings=told)
    return Provider(request, app=app)


class Answers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The hook through which django-allauth says that it did not work."""

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **told: Any) -> None:
        """Raises a Refusal, which becomes our own page instead of django-allauth's."""
        raise failed(CANCELLED if error == "cancelled" else FAILED)


def nonce(state: str) -> str:
    """What the token has to repeat: only this installation can make it, and only from this browser's state."""
    return salted_hmac("festoon.console.single_sign_on", state, algorithm="sha256").hexdigest()


def _algorithm(token: str) -> Any:
    try:
        return jwt.get_unverified_header(token).get("alg")
    except jwt.PyJWTError as wrong:
        raise OAuth2Error("this is no token") from wrong


def _house() -> OtherHouse:
    found = house()
    assert found is not None, "nobody comes here without one"
    return found
