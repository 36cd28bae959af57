"""Codes of single coupons: to be printed and read aloud, or of wallets; too many to guess, and a slip is noticed.

The check sign is a sum in the field of 32 elements, each place with a weight of its own. So it changes with any one
wrong sign and with any two signs that swapped places, neighbours or not: a sum modulo 32 would miss one swap in 31.
"""

from __future__ import annotations

import os
import secrets
from collections import deque
from datetime import datetime

from festoon.records.listed import unmarked

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs without 0, 1, I and O, which people take for one another."""
LENGTH = 13
"""Signs by chance: 65 bits."""
OPENING = 4
"""Signs that codes of wallets begin with, by chance too, and have in common with others made at that moment: so a rush writes
few pages of the index on codes. Whoever knows them is no nearer to the other thirteen.
"""
_FIELD = 0b100101
"""x^5 + x^2 + 1, by which five bits multiply; x has the order 31, so its powers are 31 different weights."""


def _times(a: int, b: int) -> int:
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(9, 4, -1):
        if product >> bit & 1:
            product ^= _FIELD << (bit - 5)
    return product


def _weights() -> list[bytes]:
    """For each place the table of what a sign there adds to the sum; the check sign itself has the weight 1."""
    weight, tables = 1, []
    for _ in range(OPENING + LENGTH):
        weight = _times(weight, 2)
        tables.append(bytes(_times(weight, value & 31) for value in range(256)))
    return tables


_WEIGHTS = _weights()
_SIGN = bytes(ord(SIGNS[value & 31]) for value in range(256))
AHEAD = 256
"""So many codes are made together, and ids."""
_ready: deque[str] = deque()
_ids: deque[str] = deque()
os.register_at_fork(after_in_child=_ready.clear)  # or both processes would give the same codes
os.register_at_fork(after_in_child=_ids.clear)
_VALUE = {sign: value for value, sign in enumerate(SIGNS)}


def new_code() -> str:
    """The code of a coupon in a wallet: four signs, thirteen by chance of its own (65 bits), and one that checks them."""
    try:
        return _ready.popleft()
    except IndexError:
        _ready.extend(wallet_codes(AHEAD))
        return new_code()


def new_id(now: datetime) -> str:
    """The moment (48 bits), then 80 bits by chance, in hex: the id of a coupon. Rows of one moment lie together."""
    try:
        return f"{int(now.timestamp() * 1000):012x}{_ids.popleft()}"
    except IndexError:
        chance = secrets.token_hex(10 * AHEAD)
        _ids.extend(chance[at : at + 20] for at in range(0, 20 * AHEAD, 20))
        return new_id(now)


def new_codes(count: int) -> list[str]:
    """So many codes to be printed and typed: thirteen signs by chance and one that checks them."""
    return _made(count, b"")


def wallet_codes(count: int) -> list[str]:
    """So many codes of wallets; of each `AHEAD` the first four signs are the same."""
    made: list[str] = []
    while len(made) < count:
        made += _made(min(AHEAD, count - len(made)), secrets.token_bytes(OPENING))
    return made


def _made(count: int, opening: bytes) -> list[str]:
    """Column by column: half a microsecond each."""
    chance, length = secrets.token_bytes(LENGTH * count), len(opening) + LENGTH
    if opening:
        chance = b"".join([opening + chance[at : at + LENGTH] for at in range(0, LENGTH * count, LENGTH)])
    signs = chance.translate(_SIGN).decode()
    checks = _checks(chance, length).translate(_SIGN).decode()
    return [signs[at * length : (at + 1) * length] + check for at, check in enumerate(checks)]


def check_sign(signs: str) -> str:
    """The sign that follows `signs`, thirteen of them or seventeen."""
    return SIGNS[_checks(bytes(_VALUE[sign] for sign in signs), len(signs))[0]]


def normal(text: str) -> str:
    """A code as somebody typed or pasted it: capitals, without spaces and dashes."""
    return "".join(unmarked(text).upper().replace("-", " ").split())


def plausible(code: str) -> bool:
    """Whether it can be a code of ours: as long, of our signs, with the check sign that belongs to it."""
    return _shaped(code) and check_sign(code[:-1]) == code[-1]


def slipped(text: str) -> bool:
    """Whether somebody wrote one of our codes and slipped: it is shaped like one and its check sign is another's."""
    code = normal(text)
    return _shaped(code) and not plausible(code)


def _shaped(code: str) -> bool:
    return len(code) in (LENGTH + 1, OPENING + LENGTH + 1) and all(sign in _VALUE for sign in code)


def _checks(values: bytes, length: int) -> bytes:
    """The check of each code: `values` holds so many a code, of which the lower five bits count."""
    total = 0
    for place in range(length):
        total ^= int.from_bytes(values[place::length].translate(_WEIGHTS[place]), "big")
    return total.to_bytes(len(values) // length, "big")
