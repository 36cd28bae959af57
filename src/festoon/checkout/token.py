"""The token of a quote: everything its price depended on, veiled and signed, so that nothing is stored.

Floors are in it, so it can be read by nobody but us: the seal (a keyed hash of the content) is also the seed of the veil,
which makes the same quote the same token and any change of a bit a forgery.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from festoon.base.words import Words
from festoon.checkout.limits import TOKEN_LONGEST
from festoon.records import secret
from festoon.records.refusal import Invalid

_SEAL = 32
_LONGEST_CONTENT = 4_000_000
_LONG = 4_000
"""Bytes of content from which on a token is always pressed."""
_WINDOW, _MEMORY = 12, 5


def seal(content: Mapping[str, Any], *, kept: bool = False) -> str:
    """`content` (what JSON can say) as a token for a URL or a body.

    Pressed when it is to be `kept`, or long: pressing a cart of five lines costs as much as half its price, and saves the
    shop 1,400 bytes.
    """
    plain = msgspec.json.encode(content)
    if kept or len(plain) > _LONG:
        plain = _pressed(plain)
    made_with = secret.present()
    mark = _mark(plain, made_with)
    return base64.urlsafe_b64encode(mark + _veil(plain, mark, made_with)).rstrip(b"=").decode()


def open_token(token: str) -> dict[str, Any]:
    """What `seal` was given, today or under an older secret of this installation.

    Raises Invalid `token_forged` for anything that is not ours, whole and unchanged.
    """
    if not isinstance(token, str) or not 0 < len(token) <= TOKEN_LONGEST:
        raise forged()
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise forged() from None
    plain = _opened(data[:_SEAL], data[_SEAL:])
    pressed = not plain.startswith(b"{")
    content: dict[str, Any] = msgspec.json.decode(
        zlib.decompressobj().decompress(plain, _LONGEST_CONTENT) if pressed else plain
    )
    return content


def forged() -> Invalid:
    """The one answer to every token that is not ours, or not this merchant's."""
    words = Words(en="This token is not one of ours, or was changed.", zh="令牌无效或已被改动。")
    return Invalid("token_forged", words, field="token")


def _pressed(text: bytes) -> bytes:
    """What zlib unpacks. A cart is a few thousand bytes: the usual tables are larger, and clearing them costs more."""
    press = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY)
    return press.compress(text) + press.flush()


def _opened(mark: bytes, veiled: bytes) -> bytes:
    for made_with in secret.every():
        plain = _veil(veiled, mark, made_with)
        if _ours(plain, mark, made_with):
            return plain
    raise forged()


def _ours(plain: bytes, mark: bytes, made_with: bytes) -> bool:
    """Whether we made this mark, as it is made now or as it was made before."""
    return any(hmac.compare_digest(made(plain, made_with), mark) for made in (_mark, _mark_before))


def _mark(plain: bytes, made_with: bytes) -> bytes:
    return hashlib.blake2b(plain, digest_size=_SEAL, key=_key(b"seal", made_with)).digest()


def _mark_before(plain: bytes, made_with: bytes) -> bytes:
    """The mark of the first release: holds keep tokens for ever."""
    return hmac.digest(_key(b"seal", made_with), plain, "sha256")


def _veil(text: bytes, mark: bytes, made_with: bytes) -> bytes:
    """`text` under a stream that only we can make; done twice, it is the text again."""
    stream = hashlib.shake_256(_key(b"veil", made_with) + mark).digest(len(text))
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))


@functools.lru_cache(maxsize=16)
def _key(use: bytes, made_with: bytes) -> bytes:
    return hashlib.sha256(b"festoon quote token " + use + b"\0" + made_with).digest()
