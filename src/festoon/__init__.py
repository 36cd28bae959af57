"""Festoon: a self-hosted promotion and marketing center."""
