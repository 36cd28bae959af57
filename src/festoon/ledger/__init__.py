"""Accounts of everything scarce, transfers between them, and the store of hot writes."""
