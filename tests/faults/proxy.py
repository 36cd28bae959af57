"""A TCP proxy on loopback that cuts connections at the worst moment: what was asked arrives, what is answered does not."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Self

PIECE = 65_536
Ear = Callable[[bytes], str]
"""Hears each piece of one connection on its way to the server, and names what it is; "" for nothing of note."""


class Proxy:
    """Stands before `port` until the block ends. `ears` makes an ear for each connection, which is cut once the server
    answers to a piece that has a name; `cuts` counts them by it.
    """

    def __init__(self, port: int, ears: Callable[[], Ear]) -> None:
        self._to, self._ears = port, ears
        self.cuts = Counter[str]()
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._listening.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            try:
                there = socket.create_connection(("127.0.0.1", self._to), timeout=10)
            except OSError:
                here.close()
                continue
            there.settimeout(None)
            doomed = list[str]()
            threading.Thread(target=self._ask, args=(here, there, doomed), daemon=True).start()
            threading.Thread(target=self._answer, args=(here, there, doomed), daemon=True).start()

    def _ask(self, here: socket.socket, there: socket.socket, doomed: list[str]) -> None:
        """What the client says is passed on whole, also what is never answered."""
        ear = self._ears()
        for piece in _pieces(here):
            if named := ear(piece):
                doomed.append(named)
            try:
                there.sendall(piece)
            except OSError:
                break
        _say_no_more(there)

    def _answer(self, here: socket.socket, there: socket.socket, doomed: list[str]) -> None:
        """The server is heard to its end: were it hung up on, what it was asked might not reach it."""
        for piece in _pieces(there):
            if doomed and not self._ended.is_set():
                self.cuts[doomed[0]] += 1
                break
            try:
                here.sendall(piece)
            except OSError:
                break
        _end(here)
        for _ in _pieces(there):
            pass
        _end(there)


class Sometimes:
    """Of the pieces that these ears name about one in `every`, as the seed says: an ear for each connection, one chance."""

    def __init__(self, ears: Callable[[], Ear], every: int, seed: int) -> None:
        self._ears, self._every = ears, every
        self._chance, self._lock = Random(seed), threading.Lock()

    def __call__(self) -> Ear:
        """An ear for one more connection."""
        ear = self._ears()
        return lambda piece: named if (named := ear(piece)) and self._now() else ""

    def _now(self) -> bool:
        with self._lock:
            return self._chance.randrange(self._every) == 0


def sign(text: bytes) -> Callable[[], Ear]:
    """Ears that name a piece by a sign in it."""
    return lambda: lambda piece: text.decode() if text in piece else ""


def _pieces(one: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            piece = one.recv(PIECE)
        except OSError:
            return
        if not piece:
            return
        yield piece


def _say_no_more(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_WR)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
