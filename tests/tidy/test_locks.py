"""Lock files carry versions and hashes, no addresses, and are never behind what they lock."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.tidy.reading import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(text: str) -> dict[str, str]:
    """Package → version."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_address(path):
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", path.read_text())


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_its_hash(path):
    entries = re.split(r"^(?=[a-z0-9])", path.read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) > 0
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_the_browser_lock_names_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if name and "integrity" not in package]


@pytest.mark.parametrize(("lock", "extras"), [("base", []), ("demo", ["demo"]), ("dev", ["demo", "dev", "test"])])
def test_the_lock_holds_what_the_project_asks_for(lock, extras):
    asked = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    locked = pins((ROOT / "requirements" / f"{lock}.lock").read_text())
    behind = [
        line
        for line in asked
        if (need := Requirement(line)).name != "festoon"
        and not need.specifier.contains(locked.get(canonical(need.name), "0"), prereleases=True)
    ]
    assert not behind, "these are not in the lock: run `make lock`"


def test_all_locks_agree():
    whole = pins((ROOT / "requirements" / "dev.lock").read_text())
    for path in LOCKS:
        differing = {name for name, version in pins(path.read_text()).items() if whole.get(name, version) != version}
        assert not differing, f"{path.name} differs from dev.lock: run `make lock`"


def test_the_browser_lock_is_level_with_its_project():
    asked = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"][""]
    assert (asked["dependencies"], asked["devDependencies"]) == (locked["dependencies"], locked["devDependencies"])


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
