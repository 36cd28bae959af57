"""Where shoppers find a campaign: the one address that other doors may print, link or draw as a code."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from festoon.records import secret

PAGES = "/shop/"
SCENE = r"^[a-z0-9][a-z0-9-]{0,31}\Z"
"""How a scene is written in an address."""


def page_of(campaign: str = "", *, scene: str = "", store: str = "") -> str:
    """The path of a campaign's page; without a campaign, of whichever runs now.

    `scene` and `store` say where somebody read the address: a poster in a shop, a flyer. They are sealed, for a scene may
    open coupons that are claimed nowhere else: nobody opens them by typing its name.
    """
    if not campaign:
        return PAGES
    came = [(name, value) for name, value in (("scene", scene), ("store", store)) if value]
    sealed = [("seal", _seal(campaign, scene, store, secret.present()))] if came else []
    asked = urlencode([*came, *sealed])
    return f"{PAGES}{campaign}/{asked and '?'}{asked}"


def is_ours(campaign: str, scene: str, store: str, seal: str) -> bool:
    """Whether an address with this seal was made here, under the present secret of the installation or an older one."""
    told = seal.encode(errors="replace")
    return any(hmac.compare_digest(_seal(campaign, scene, store, each).encode(), told) for each in secret.every())


def _seal(campaign: str, scene: str, store: str, made_with: bytes) -> str:
    """Sixty bits: an address on paper is short, and each guess is a request to us."""
    key = hashlib.sha256(b"festoon address\0" + made_with).digest()
    made = hmac.new(key, f"{campaign}\0{scene}\0{store}".encode(errors="replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(made.digest()).decode()[:10]
