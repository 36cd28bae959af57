"""What takes long on purpose, shortened for tests of something else: passwords hashed a million times, answers that wait so
that nobody tells from their time what was looked at."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

SHIPPED: dict[str, int] = {}
"""Milliseconds of which the product answers after a whole number: to a wrong password, to a wrong code."""


class Hasher(PBKDF2PasswordHasher):
    """Any installation knows what it wrote, and writes it anew as its own when somebody signs in."""

    iterations = 1


def answers() -> None:
    """Wrong passwords and codes are answered after a millisecond; tests/rights/test_waits.py asks for the rest."""
    from festoon.catalog import sign_in
    from festoon.coupons import guessing

    if not SHIPPED:
        SHIPPED.update(password=sign_in.STEP, code=guessing.STEP)
    sign_in.STEP = guessing.STEP = 1
