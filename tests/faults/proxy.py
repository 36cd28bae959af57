"""A TCP proxy on loopback that cuts connections at the worst moment: what was asked arrives, what is answered does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Self

PIECE = 65_536


class Proxy:
    """Stands before `port` until the block ends. `wants` sees each piece on its way to the server and says whether the
    connection is cut once the server answers to it; `cuts` counts.
    """

    def __init__(self, port: int, wants: Callable[[bytes], bool]) -> None:
        self._to, self._wants = port, wants
        self.cuts = 0
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
            doomed = threading.Event()
            threading.Thread(target=self._ask, args=(here, there, doomed), daemon=True).start()
            threading.Thread(target=self._answer, args=(here, there, doomed), daemon=True).start()

    def _ask(self, here: socket.socket, there: socket.socket, doomed: threading.Event) -> None:
        """What the client says is passed on whole, also what is never answered."""
        for piece in _pieces(here):
            if self._wants(piece):
                doomed.set()
            try:
                there.sendall(piece)
            except OSError:
                break
        _end(there)

    def _answer(self, here: socket.socket, there: socket.socket, doomed: threading.Event) -> None:
        for piece in _pieces(there):
            if doomed.is_set() and not self._ended.is_set():
                self.cuts += 1
                break
            try:
                here.sendall(piece)
            except OSError:
                break
        _end(here)
        _end(there)


class Sometimes:
    """Now and then, of the pieces that hold `sign`: about one in `every`, as the seed says."""

    def __init__(self, sign: bytes, every: int, seed: int) -> None:
        self._sign, self._every = sign, every
        self._chance, self._lock = Random(seed), threading.Lock()

    def __call__(self, piece: bytes) -> bool:
        """Whether this one is the one."""
        if self._sign not in piece:
            return False
        with self._lock:
            return self._chance.randrange(self._every) == 0


def _pieces(one: socket.socket):
    while True:
        try:
            piece = one.recv(PIECE)
        except OSError:
            return
        if not piece:
            return
        yield piece


def _end(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    one.close()
