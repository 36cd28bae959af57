"""Where shoppers find a campaign: the one address that other doors may print, link or draw as a code."""

from __future__ import annotations

from urllib.parse import urlencode

PAGES = "/shop/"
SCENE = r"^[a-z0-9][a-z0-9-]{0,31}\Z"
"""How a scene is written in an address."""


def page_of(campaign: str = "", *, scene: str = "", store: str = "") -> str:
    """The path of a campaign's page; without a campaign, of whichever runs now.

    `scene` and `store` say where somebody read the address: a poster in a shop, a flyer.
    """
    came = urlencode([(name, value) for name, value in (("scene", scene), ("store", store)) if value])
    return f"{PAGES}{campaign}/{came and '?'}{came}" if campaign else PAGES
