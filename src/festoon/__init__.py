"""Festoon: the promotion and marketing center."""

__version__ = "0.1.0"
