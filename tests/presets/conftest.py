"""Tests of the desks begin with a corner of the cast."""

from tests.desk import shop, stranger, theme, ye  # noqa: F401
