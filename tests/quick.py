"""A hasher for passwords that guard nothing: the product's own, but for its million rounds."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Hasher(PBKDF2PasswordHasher):
    """Any installation knows what it wrote, and writes it anew as its own when somebody signs in."""

    iterations = 1
