"""A page that keeps book of everything that is wrong with it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.browser.house import House

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "var" / "assets" / "axe.min.js"
SCREENS = ROOT / "var" / ("shots" if "SHOTS" in os.environ else "screens")
WHOLE = "SHOTS" in os.environ
SLOW = float(os.environ.get("SLOW", "0"))
"""As on a machine this many times slower, each answer 100 ms late: does a test wait for what it needs?"""
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
SETTLED = """async () => {
    const ends = (one) => Number.isFinite(one.effect.getComputedTiming().endTime);
    await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""
LANGUAGES = {"en": "en", "zh": "zh-hans"}


class Strict:
    """One visitor's page. Console errors, page errors, breaches of the policy and requests to elsewhere all fail."""

    def __init__(self, page: Page, house: House) -> None:
        self.page, self.house = page, house
        self.wrong: list[str] = []
        self.expected: tuple[str, ...] = ()
        page.set_default_timeout(20_000)
        if SLOW:
            self._slow_down()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def go(self, path: str) -> Strict:
        self.page.goto(f"{self.house.url}{path}")
        return self.drawn()

    def drawn(self) -> Strict:
        """The page's own scripts ran and it was drawn: from now on it hears keys and clicks."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(DRAWN)
        return self

    def sign_in(self, person: str, *, afresh: bool = False) -> Strict:
        """By the form, once a run: who is known comes in with the cookie, unless the sign-in itself is to change."""
        if not afresh and (known := self.house.signed_in.get(person)):
            self.page.context.add_cookies(known)
            return self
        self.go("/sign-in/")
        self.page.fill("#username", person)
        self.page.fill("#password", self.house.password)
        self.page.click("form button.btn-primary")
        self.page.wait_for_url(f"{self.house.url}/")
        if not afresh:
            kept = [each for each in self.page.context.cookies() if each["name"] == "sessionid"]
            self.house.signed_in[person] = kept
        return self

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def figure(self, selector: str) -> int:
        """The digits of a figure on the page: money in minor units."""
        return int(re.sub(r"[^0-9]", "", self.text(selector)))

    def until(self, holds: Callable[[], bool], *, seconds: float = 20) -> None:
        """Wait for it: asked from here, for the page's policy lets nobody evaluate a string in it."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not come to hold"
            self.page.wait_for_timeout(50)

    def settled(self) -> Strict:
        """What moves when a page opens has come to rest, and it is drawn."""
        self.page.evaluate(SETTLED)
        return self

    def axe(self) -> list[str]:
        """What fails WCAG 2 A or AA: the rule, its node, and what axe says of it."""
        if not self.page.evaluate("'axe' in window"):
            # Brought in by the debugger: a script tag would rightly be refused by the policy.
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations']})")
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return int(width)

    def picture(self, name: str) -> None:
        """For who looks at pictures, with SHOTS=1; nobody does in a run of all tests, but when one fails."""
        if WHOLE:
            self.shoot(name)

    def shoot(self, name: str) -> None:
        """Of the whole page, in a window as tall as it is: what sticks to an edge of the window stands where it ends.

        Where something lies over the page, what one sees is shot.
        """
        SCREENS.mkdir(parents=True, exist_ok=True)
        whole = WHOLE and not self.page.locator("dialog[open]").count()
        seen = self.page.viewport_size
        assert seen is not None
        if whole:
            tall = int(self.page.evaluate("document.documentElement.scrollHeight"))
            self.page.set_viewport_size({"width": seen["width"], "height": max(tall, seen["height"])})
        self.settled().page.screenshot(path=SCREENS / f"{name}.png", full_page=whole)
        if whole:
            self.page.set_viewport_size(seen)

    def _slow_down(self) -> None:
        tools = self.page.context.new_cdp_session(self.page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
        tools.send("Network.enable")
        late = {"offline": False, "latency": 100, "downloadThroughput": -1, "uploadThroughput": -1}
        tools.send("Network.emulateNetworkConditions", late)

    def forgive_nothing(self) -> None:
        found = [wrong for wrong in self.wrong if not any(part in wrong for part in self.expected)]
        assert not found, "\n".join(found)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in ("127.0.0.1", "localhost"):
            self.wrong.append(f"left this machine: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")
