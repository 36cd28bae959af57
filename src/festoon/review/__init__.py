"""Flows, levels, decisions and their reverse."""
