"""Codes of single coupons: short enough to read aloud, too many to guess, a slip of one sign is noticed."""

from __future__ import annotations

import secrets

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs without 0, 1, I and O, which people take for one another."""
LENGTH = 13


def new_code() -> str:
    """Thirteen signs by chance (65 bits) and one that checks them."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return signs + check_sign(signs)


def check_sign(signs: str) -> str:
    """The sign that makes the weighted sum come out even: it changes with any one sign, and when two swap places."""
    total = sum(SIGNS.index(sign) * (2 * place + 1) for place, sign in enumerate(signs))
    return SIGNS[total % len(SIGNS)]


def normal(text: str) -> str:
    """A code as somebody typed it: capitals, without spaces and dashes."""
    return "".join(text.upper().replace("-", " ").split())


def plausible(code: str) -> bool:
    """Whether it can be a code of ours at all; a wrong one is refused without asking the database."""
    return len(code) == LENGTH + 1 and all(sign in SIGNS for sign in code) and check_sign(code[:LENGTH]) == code[LENGTH]
