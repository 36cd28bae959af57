"""A phone with an authenticator app, as RFC 6238 says it: written here anew, so that ours is compared with something."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
import struct
import time
from dataclasses import dataclass

LATE = 3
"""Seconds in which what was read from the phone has been typed in and asked about."""


@dataclass(frozen=True)
class Phone:
    """What was scanned or typed in."""

    letters: str

    @classmethod
    def scans(cls, page: str) -> Phone:
        """The secret of the page on which the second factor is switched on."""
        found = re.search(r'class="letters">([A-Z2-7 ]+)<', html.unescape(page))
        assert found, "no secret on the page"
        return cls(found.group(1).replace(" ", ""))

    def shows(self, step: int = 0, *, at: float | None = None) -> str:
        """The six digits of now, or of so many half minutes later; those of before not when this one is about to end:
        they would be two behind when they arrive, and one is what counts.
        """
        now = time.time() if at is None else at
        if at is None and step < 0 and (rest := 30 - now % 30) < LATE:
            time.sleep(rest)
            now += rest
        counter = int(now) // 30 + step
        digest = hmac.new(base64.b32decode(self.letters), struct.pack(">Q", counter), hashlib.sha1).digest()
        place = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def codes_of(page: str) -> list[str]:
    """The ten codes for paper on the page that shows them."""
    return re.findall(r"<li><code>(\d{5} \d{5})</code></li>", page)
