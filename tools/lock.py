"""Writes the lock files anew: versions and hashes only, for every system and every Python from 3.11 on.

Where the files come from is each machine's own setting; a lock file that named an address would tie a clone to it.
Run it with `make lock` after a change of pyproject.toml or package.json.
"""

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "dev": ("demo", "dev"),  # first: the others take its versions
    "base": (),
    "demo": ("demo",),
    "setup": ("setup",),
    "postgres": ("postgres",),
}


def main() -> None:
    """Python first, then the browser files."""
    _compile("pip", "requirements/pip.in")
    for name, extras in LOCKS.items():
        _python(name, extras)
    if shutil.which("npm"):
        _browser()


def _python(name: str, extras: tuple[str, ...]) -> None:
    constraint = [] if name == "dev" else ["--constraint", "requirements/dev.lock"]
    more = [*constraint, *(f"--extra={extra}" for extra in extras)]
    _compile(name, "pyproject.toml", "requirements/build.in", *more)


def _compile(name: str, *given: str) -> None:
    target = ROOT / "requirements" / f"{name}.lock"
    command = [".venv/bin/uv", "pip", "compile", *given, "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header", "--quiet"]
    command += ["--output-file", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    locked = target.read_text()
    # Extras of the project itself come out as the project: it is installed from the tree, not from a lock.
    target.write_text(f"# make lock\n{locked}")
    print(f"{name}: {locked.count('==')} packages")


def _browser() -> None:
    subprocess.run(["npm", "install", "--package-lock-only", "--ignore-scripts"], cwd=ROOT, check=True)
    lock = ROOT / "package-lock.json"
    content = json.loads(lock.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    lock.write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()
