"""The demonstration, really started, and a real browser that forgives nothing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.house import House
from tests.browser.strict import Strict
from tests.conftest import FAILED
from tests.faults.nursery import Nursery

KNOWN = ("chromium-headless-shell", "chromium", "google-chrome")
"""The first draws the same pages with no windows round them: half the work."""
CHROMIUM = os.environ.get("FESTOON_CHROMIUM") or next(filter(None, map(shutil.which, KNOWN)), None)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 90.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.once)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install it, or name it in FESTOON_CHROMIUM"))


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`festoon demo` without the year, on an SQLite file and a folder of its own, with the town awake."""
    folder = tmp_path_factory.mktemp("house")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
    environment |= {"FESTOON_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "festoon.config.settings"}
    command = [sys.executable, "-m", "festoon.cli", "demo", "--no-year", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        nursery = Nursery(environment)
        try:
            yield House(*_greeted(process, folder), environment, nursery)
        finally:
            nursery.end()
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _greeted(process: subprocess.Popen[bytes], folder: Path) -> tuple[str, str]:
    """Address and password, as the demonstration says them."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        said = (folder / "log").read_text()
        url, password = (re.search(wanted, said) for wanted in (r"Festoon serves (\S+?)/?\n", r"password is (\S+)"))
        if url and password:
            return url.group(1), password.group(1)
        time.sleep(0.05)
    raise AssertionError(f"the demonstration did not start:\n{(folder / 'log').read_text()}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, house: House, request: pytest.FixtureRequest) -> Iterator[type]:
    """`visit(lang=, theme=, phone=)`: a page of a fresh visitor, that fails on the first thing wrong with it.

    Where the test failed, var/screens shows what each of its pages showed.
    """
    opened: list[tuple[BrowserContext, Strict]] = []

    def open_(lang: str = "en", theme: str = "light", *, phone: bool = False) -> Strict:
        context = browser.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN" if lang == "zh" else "en-US",
            color_scheme="dark" if theme == "dark" else "light",
        )
        strict = Strict(context.new_page(), house)
        opened.append((context, strict))
        return strict

    yield open_  # type: ignore[misc]
    for number, (context, strict) in enumerate(opened):
        if request.node.stash.get(FAILED, False):
            strict.shoot(f"failed-{request.node.name}-{number}")
        context.close()
        strict.forgive_nothing()
