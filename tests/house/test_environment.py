"""What an installation sets in its environment is what it gets."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from festoon.config.environment import secret

ASKED = "import festoon.config.settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, *s.SECRET_KEY_FALLBACKS)"


def asked(tmp_path, **given):
    environment = {**os.environ, "FESTOON_VAR": str(tmp_path), **given}
    return subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "False False False"),
        ({"FESTOON_HTTPS": "1", "FESTOON_OLD_SECRET_KEYS": "first,second"}, "True True True first second"),
    ],
)
def test_https_and_old_secrets(tmp_path, given, told):
    """Fails when a cookie may go in the clear though everybody comes by https, or when an old secret is forgotten."""
    assert asked(tmp_path, **given).stdout.strip() == told


def test_what_is_neither_yes_nor_no_is_said(tmp_path):
    assert "FESTOON_HTTPS: 0 or 1, not yes" in asked(tmp_path, FESTOON_HTTPS="yes").stderr


def test_who_begins_at_the_same_moment_has_the_same_secret(tmp_path, monkeypatch):
    """Fails when one finds the file of another before anything stands in it, or does not begin for it."""
    monkeypatch.delenv("FESTOON_SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as house:
        for n in range(50):
            folder = tmp_path / str(n)
            folder.mkdir()
            [one] = set(house.map(at_once(folder, Barrier(8)), range(8)))
            assert len(one) > 40
            assert [each.name for each in folder.iterdir()] == ["secret"]
            assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600


def at_once(folder: Path, all_there: Barrier):
    def begin(_: int) -> str:
        all_there.wait(10)
        return secret(folder)

    return begin
