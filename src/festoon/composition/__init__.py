"""Verbs over a whole campaign."""
