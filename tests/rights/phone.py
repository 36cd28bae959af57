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
        """The six digits of now, or of so many half minutes later."""
        counter = int(time.time() if at is None else at) // 30 + step
        digest = hmac.new(base64.b32decode(self.letters), struct.pack(">Q", counter), hashlib.sha1).digest()
        place = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def codes_of(page: str) -> list[str]:
    """The ten codes for paper on the page that shows them."""
    return re.findall(r"<li><code>(\d{5} \d{5})</code></li>", page)
