"""Festoon: the promotion and marketing center."""
