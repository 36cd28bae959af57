"""What an installation sets in its environment is what it gets."""

import os
import subprocess
import sys

import pytest

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
