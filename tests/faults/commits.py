"""Hears a connection to PostgreSQL and knows which COMMIT ends a group of hot writes, and which is anybody's."""

from __future__ import annotations

from collections.abc import Iterator

GROUP, OTHER = "group", "other"
VERSION = b"\0\3\0\0"
"""Of the protocol: with it a connection begins, maybe after questions about secrecy."""


class Commits:
    """One connection. The store prepares its words: that COMMIT is one of them is said once, and after that only its name.

    A group that wrote nothing leaves no audit row, and ends like any other transaction.
    """

    def __init__(self) -> None:
        self._rest, self._begun, self._wrote = b"", False, False
        self._words: dict[bytes, bytes] = {}

    def __call__(self, piece: bytes) -> str:
        """What of the two is in this piece; "" for neither."""
        found = ""
        for kind, said in self._messages(piece):
            if kind == b"P":
                name, words, _ = said.split(b"\0", 2)
                self._words[name] = words
            elif kind == b"B":
                name = said.split(b"\0", 2)[1]
                found = self._done(self._words.get(name, b""), name) or found
            elif kind == b"Q":
                found = self._done(said.rstrip(b"\0"), b"") or found
        return found

    def _done(self, words: bytes, name: bytes) -> str:
        """Of what is done now: the end of a group, another's end, or no end."""
        self._wrote = self._wrote or (words.startswith(b"INSERT") and b"records_auditentry" in words)
        if words not in {b"COMMIT", b"ROLLBACK"}:
            return ""
        wrote, self._wrote = self._wrote, False
        if words == b"ROLLBACK":
            return ""
        return GROUP if wrote and name else OTHER

    def _messages(self, piece: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The messages that end in this piece. Those before the connection has begun have no kind."""
        self._rest += piece
        while True:
            kind = 1 if self._begun else 0
            ends = kind + int.from_bytes(self._rest[kind : kind + 4])
            if len(self._rest) < kind + 4 or len(self._rest) < ends:
                return
            message, self._rest = self._rest[:ends], self._rest[ends:]
            self._begun = self._begun or message[4:8] == VERSION
            yield message[:kind], message[kind + 4 :]
