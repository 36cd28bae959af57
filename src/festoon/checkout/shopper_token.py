"""Who a shopper on a page is: a short-lived token signed by this installation, never an id in an address.

The shop's server, which knows who signed in, asks for one over /v1; the shop's pages hand it back with each request.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from festoon.base.words import Words
from festoon.records import secret
from festoon.records.refusal import Refusal

MINUTES = 15
LONGEST = 2048


@dataclass(frozen=True, slots=True)
class SignedShopper:
    """What a token says: the shopper's code, the merchant and channel whose key asked, when it ends (UTC)."""

    shopper: str
    merchant_id: int
    channel: str
    ends: datetime


def make_shopper_token(
    shopper: str, *, merchant_id: int, channel: str, now: datetime, minutes: int = MINUTES
) -> tuple[str, datetime]:
    """A token for this shopper, and when it ends. Nothing is written; the same second gives the same token."""
    ends = (now + timedelta(minutes=minutes)).astimezone(UTC).replace(microsecond=0)
    said = json.dumps([shopper, merchant_id, channel, int(ends.timestamp())], ensure_ascii=False, separators=(",", ":"))
    body = _text(said.encode())
    return f"{body}.{_text(_seal(body, secret.present()))}", ends


def verify_shopper_token(token: str, *, now: datetime) -> SignedShopper:
    """Who the token stands for. Raises Refusal 401: `token_forged` when it is not ours, `token_stale` after its end."""
    body, _, seal = token.partition(".")
    if len(token) > LONGEST or not _ours(body, seal):
        words = Words(en="This sign-in is not valid.", zh="登录凭证无效。")
        raise Refusal("token_forged", words, field="shopper_token", status=401)
    shopper, merchant_id, channel, ends = json.loads(_bytes(body))
    signed = SignedShopper(shopper, merchant_id, channel, datetime.fromtimestamp(ends, UTC))
    if now >= signed.ends:
        words = Words(en="This sign-in has ended; open the page again.", zh="登录已过期，请重新打开页面。")
        raise Refusal("token_stale", words, field="shopper_token", status=401)
    return signed


def _ours(body: str, seal: str) -> bool:
    told = seal.encode(errors="replace")
    return any(hmac.compare_digest(_text(_seal(body, each)).encode(), told) for each in secret.every())


def _seal(body: str, made_with: bytes) -> bytes:
    key = hashlib.sha256(b"festoon shopper token\0" + made_with).digest()
    return hmac.new(key, body.encode(errors="replace"), hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
