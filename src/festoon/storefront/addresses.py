"""Where shoppers find a campaign: the one address that other doors may print, link or draw as a code."""

from __future__ import annotations

PAGES = "/shop/"


def page_of(campaign: str = "") -> str:
    """The path of a campaign's page; without a campaign, of whichever runs now."""
    return f"{PAGES}{campaign}/" if campaign else PAGES
