"""Tokens: sealed as they are today, opened also as they were sealed before; small where they are kept."""

import base64
from typing import Any

import msgspec
import pytest

from festoon.checkout import token
from festoon.records import secret
from festoon.records.refusal import Invalid

CONTENT = {
    "v": 1,
    "merchant": 7,
    "facts": {"lines": [{"id": "排 1", "sku": f"t-{n}", "quantity": n} for n in range(30)]},
}


@pytest.fixture(autouse=True)
def small_world() -> None:
    """A token needs no world."""


def before(content: Any) -> str:
    """As the first release sealed it."""
    plain = token._pressed(msgspec.json.encode(content))
    made_with = secret.present()
    mark = token._mark_before(plain, made_with)
    return base64.urlsafe_b64encode(mark + token._veil(plain, mark, made_with)).rstrip(b"=").decode()


def test_the_same_content_is_the_same_token_and_comes_back() -> None:
    one, kept = token.seal(CONTENT), token.seal(CONTENT, kept=True)
    assert (one, kept) == (token.seal(CONTENT), token.seal(CONTENT, kept=True))
    assert token.open_token(one) == token.open_token(kept) == token.open_token(before(CONTENT)) == CONTENT


def test_what_is_kept_or_long_is_small() -> None:
    long = {**CONTENT, "more": "a cart of many lines " * 300}
    assert 2 * len(token.seal(CONTENT, kept=True)) < len(token.seal(CONTENT)) < 3000
    assert token.seal(long) == token.seal(long, kept=True)
    assert len(token.seal(long)) < 1500 and token.open_token(token.seal(long)) == long


@pytest.mark.parametrize("sealed", [token.seal, before])
def test_a_bit_that_changed_is_a_forgery(sealed: Any) -> None:
    real = bytearray(base64.urlsafe_b64decode(sealed(CONTENT) + "=="))
    for place in (0, 31, 32, len(real) - 1):
        real[place] ^= 1
        with pytest.raises(Invalid, match="token_forged"):
            token.open_token(base64.urlsafe_b64encode(bytes(real)).rstrip(b"=").decode())
        real[place] ^= 1


@pytest.mark.parametrize("sealed", [token.seal, before])
def test_a_token_of_the_secret_before_is_opened_while_that_is_known(sealed: Any, settings: Any) -> None:
    old, made = settings.SECRET_KEY, sealed(CONTENT)
    settings.SECRET_KEY = "the new secret of this installation"
    with pytest.raises(Invalid, match="token_forged"):
        token.open_token(made)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert token.open_token(made) == CONTENT
    assert token.seal(CONTENT) != made, "what is sealed now is sealed with the new one"
