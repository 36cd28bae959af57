"""The machine door: /v1 for the shop's own systems."""
