"""The machine API under /v1."""
