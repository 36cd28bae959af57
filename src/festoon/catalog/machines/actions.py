"""Make and revoke the keys of the shop's systems."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog.machines import queries
from festoon.catalog.machines.scopes import SCOPES
from festoon.catalog.models import ApiKey
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import Viewer

PREFIX = "fst_"


def digest(text: str) -> str:
    """What is kept of a key. A key has 256 bits of chance, so a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_key(
    name: str,
    *,
    merchant: str = "",
    scopes: Collection[str],
    channel: str,
    store: str = "",
    by: Viewer,
    now: datetime,
    text: str = "",
) -> tuple[ApiKey, str]:
    """A new key of a merchant (none named: the platform) for one channel and perhaps one store: its row and its text.

    The text is shown this once: only its hash is kept. `text` brings a key from outside (a secret store, a demo);
    it must begin with fst_ and hold at least 32 characters more.
    Raises Forbidden without `keys.make`, NotFound for the merchant or store, Invalid for a scope or name,
    Conflict when the merchant has a live key of that name.
    """
    by.require("keys.make")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Invalid("unknown_scope", _no_scope(unknown), field="scopes", detail={"known": list(SCOPES)})
    if not name.strip() or len(name) > 64:
        raise Invalid(
            "wrong_length", Words(en="A name has 1 to 64 characters.", zh="名称为 1 至 64 个字符。"), field="name"
        )
    if not channel or len(channel) > 32:
        raise Invalid(
            "wrong_length", Words(en="A channel has 1 to 32 characters.", zh="渠道为 1 至 32 个字符。"), field="channel"
        )
    if text and not (text.startswith(PREFIX) and len(text) >= len(PREFIX) + 32):
        raise Invalid(
            "weak_key",
            Words(en="A key is fst_ and 32 characters or more.", zh="密钥须以 fst_ 开头且其后不少于 32 个字符。"),
            field="text",
        )
    text = text or PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        owner = queries.merchant(by, merchant)
        if store:
            queries.store(by, owner, store)
        if queries.live_key(by, owner, name) is not None:
            raise Conflict("name_taken", Words(en="A live key has this name.", zh="已有同名密钥。"), field="name")
        key = ApiKey(
            merchant=owner, name=name, digest=digest(text), scopes=sorted(scopes), channel=channel, store=store,
            created_at=now, created_by=by.name,
        )  # fmt: skip
        key.save(force_insert=True)
        record(by=by, at=now, verb="keys.make", kind="key", subject=name, after="live", merchant_id=owner.pk)
    return key, text


def revoke_key(name: str, *, merchant: str = "", by: Viewer, now: datetime, why: str = "") -> ApiKey:
    """The key opens nothing from now on (other processes notice within two seconds).

    Raises Forbidden without `keys.make`, NotFound when the merchant has no live key of that name.
    """
    by.require("keys.make")
    with transaction.atomic():
        owner = queries.merchant(by, merchant)
        key = queries.live_key(by, owner, name)
        if key is None:
            raise NotFound("key", "name")
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        record(
            by=by, at=now, verb="keys.revoke", kind="key", subject=name, before="live", after="revoked", why=why,
            merchant_id=owner.pk,
        )  # fmt: skip
    return key


def _no_scope(unknown: list[str]) -> Words:
    named = ", ".join(unknown)
    return (
        Words(en=f"No such scope: {named}.", zh=f"没有此权限范围：{named}。")
        if unknown
        else Words(en="A key needs at least one scope.", zh="密钥至少需要一个权限范围。")
    )
