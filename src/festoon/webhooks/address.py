"""Where events may be sent: to the public internet only, looked at when the connection is made, not before.

A name is asked for once, each address it has is looked at, and the connection is made to that very address: a name
that changes its mind between the look and the use changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_HIDING = [
    ipaddress.ip_network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10", "100::/64")
]
"""IPv6 networks that lead to an IPv4 address inside (NAT64, 6to4, Teredo, compatible), or nowhere."""


class Refused(Exception):
    """An address nothing is sent to; says why, for the operator."""


def is_public(address: IP) -> bool:
    """Whether an address is out in the internet, whatever it is spelt like."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _HIDING):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


@dataclass(frozen=True, slots=True)
class Guard:
    """What an address must be like. Only tests make another one; no setting does."""

    schemes: Collection[str] = ("https",)
    ports: Collection[int] = (443, 8443)
    allows: Callable[[IP], bool] = is_public

    def read(self, url: str) -> SplitResult:
        """The parts of an address events may be sent to as far as its text shows. Raises Refused."""
        if len(url) > 512 or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise Refused("not an address of at most 512 plain signs")
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise Refused(f"not an address: {error}") from error
        if parts.scheme not in self.schemes:
            raise Refused(f"not {' or '.join(self.schemes)}")
        if not parts.hostname or "@" in parts.netloc or parts.fragment or "%" in parts.netloc:
            raise Refused("an address has a host, no user, no fragment")
        if self.ports and port not in self.ports:
            raise Refused(f"not port {' or '.join(map(str, sorted(self.ports)))}")
        return parts

    def connect(self, parts: SplitResult, timeout: float) -> socket.socket:
        """A connection to the address, made only to what was looked at. Raises Refused, OSError."""
        assert parts.hostname is not None
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Refused(f"no such host: {error}") from error
        family, kind, protocol, _, where = found[0]
        for *_, place in found:
            if not self.allows(ipaddress.ip_address(str(place[0]).partition("%")[0])):
                raise Refused("not an address in the internet")
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(timeout)
            made.connect(where)
        except BaseException:
            made.close()
            raise
        return made


GUARD = Guard()
