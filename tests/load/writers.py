"""People at work in the console: each says every second that two offers exclude each other, whether or not the answer to
the last is there. A write that has to wait is counted from when it was due: a standstill is seen by all who would have
written in it.
"""

from __future__ import annotations

import http.client
import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from tests.load.stage import WRITERS, session_key
from tests.load.world import pairs

EVERY = 1.0
TOKEN = "a" * 32


@dataclass
class Writers:
    """Sixteen of them, as long as the block; `took` are seconds from when a write was due to its answer, `wrong` what went wrong."""

    url: str
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._end, self._began, self._ends = threading.Event(), 0.0, math.inf
        work = pairs()
        self._threads = [
            threading.Thread(target=self._work, args=(n, work[n::WRITERS]), daemon=True) for n in range(WRITERS)
        ]

    def __enter__(self) -> Writers:
        self._began = time.perf_counter()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends = time.perf_counter()
        self._end.set()
        for thread in self._threads:
            thread.join(timeout=60)
        self.wrong += ["no answer in a minute" for thread in self._threads if thread.is_alive()]

    @property
    def p99(self) -> float:
        """Milliseconds that all but one of a hundred stay below."""
        return sorted(self.took)[int(len(self.took) * 0.99)] * 1000 if self.took else 0.0

    def _work(self, n: int, work: Sequence[tuple[str, str]]) -> None:
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=30)
        for number, (first, second) in enumerate(work):
            due = self._began + EVERY * (number + n / WRITERS)
            self._end.wait(max(0.0, due - time.perf_counter()))
            if due > self._ends:
                return
            try:
                status, body = self._exclude(connection, n, first, second)
            except (OSError, http.client.HTTPException) as lost:
                self.wrong.append(repr(lost))
                return
            self.took.append(time.perf_counter() - due)
            if status not in {200, 204, 302}:
                self.wrong.append(f"{status} {body[:300]!r}")

    def _exclude(self, connection: http.client.HTTPConnection, n: int, first: str, second: str) -> tuple[int, bytes]:
        said = urlencode({"other": second, "grain": "order", "why": "load"})
        headers = {
            "Cookie": f"sessionid={session_key(n)}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", f"/offers/{first}/exclude/", said, headers)
        answer = connection.getresponse()
        body = answer.read()
        away = "sign-in" in answer.headers.get("Location", "")
        return 401 if away else answer.status, body
