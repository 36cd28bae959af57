"""A demonstration that serves, and what its people do in it behind the screens."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.nursery import Nursery


@dataclass(frozen=True)
class House:
    """Where it serves, everybody's password, and the environment of its processes."""

    url: str
    password: str
    environment: dict[str, str]
    nursery: Nursery
    signed_in: dict[str, Any] = field(default_factory=dict)
    """The cookies of who signed in; see `Strict.sign_in`."""
    _done: set[str] = field(default_factory=set)

    def compose(self, code: str) -> None:
        """Lin composes a small campaign of this code and submits it: `tests/browser/compose.py` in its own process."""
        self._beside("tests.browser.compose", code)

    def accidents(self) -> None:
        """Lin submits three famous accidents: `tests/browser/accidents.py` in its own process."""
        self._beside("tests.browser.accidents")

    def ceiling(self) -> None:
        """From now on finance agrees too on what takes more than 80.00 off an order: `tests/browser/ceiling.py`."""
        self._once("tests.browser.ceiling")

    def backstage(self) -> None:
        """There is a webhook, a rule of one's own, an order and a desk: done once, by `tests/browser/backstage.py`."""
        self._once("tests.browser.backstage", PASSWORD=self.password)

    def strangers(self) -> None:
        """Scripts stand in every text: `tests/browser/strangers.py`."""
        self._beside("tests.browser.strangers")

    def link(self, person: str) -> str:
        """The address that signs this person in once."""
        return self._beside("tests.browser.link", person).split()[-1]

    def administrator(self) -> str:
        """The name of an administrator of the machine, whose password is everybody's."""
        self._once("tests.browser.administrator", "root", PASSWORD=self.password)
        return "root"

    def _once(self, module: str, *given: str, **more: str) -> None:
        if module not in self._done:
            self._beside(module, *given, **more)
            self._done.add(module)

    def _beside(self, module: str, *given: str, **more: str) -> str:
        log = Path(self.environment["FESTOON_VAR"]) / "beside.log"
        done = self.nursery.run("-m", module, *given, environment=self.environment | more, log=log, timeout=120)
        assert done.returncode == 0, done.stdout
        return done.stdout
