"""Brings a fresh clone to the point where it runs; does nothing, quickly, when that was done before.

    python3.11 tools/setup.py demo     the product and the data of the demonstration
    python3.11 tools/setup.py dev      the same, and what tests and checks need

Standard library only: this runs before anything is installed. Everything lands in .venv and in ignored folders.
"""

import hashlib
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts" if sys.platform == "win32" else "bin") / "python"
LOCKS = ("demo", "dev")
"""The lock files a clone can be set up from; each holds everything of the one before."""


def main(wanted: str) -> None:
    """Makes the virtual environment, the browser files and the translations, in this order."""
    if wanted not in LOCKS:
        raise SystemExit(f"setup: {wanted!r} is none of {', '.join(LOCKS)}")
    if not any(_stamp(lock).exists() for lock in LOCKS[LOCKS.index(wanted) :]):
        _said(f"Installing into .venv from requirements/{wanted}.lock", lambda: _install(wanted))
    _run(PYTHON, ROOT / "tools" / "assets.py")
    _run(PYTHON, ROOT / "tools" / "translations.py", "compile")


def _install(wanted: str) -> None:
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode:
        venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
    # Compiling every module at once takes as long as all the rest; Python compiles what is used when it is used.
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-compile")
    locked = ("--require-hashes", "--only-binary", ":all:", "-r")
    # The pip of Python 3.11 holds each file of each release against nine hundred tags: it takes twice the time of all
    # the rest. Where a newer one is not to be had, it will do.
    subprocess.run([*pip, *locked, _lock("pip")])
    _run(*pip, *locked, _lock(wanted))
    # The lock holds the build backend too: nothing unpinned is fetched to install the project itself.
    _run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    _stamp(wanted).touch()


def _stamp(wanted: str) -> Path:
    """The file that says: this lock, with this project file, is what .venv holds."""
    content = _lock(wanted).read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return VENV / f"set-up-{wanted}-{hashlib.sha256(content).hexdigest()[:16]}"


def _lock(wanted: str) -> Path:
    return ROOT / "requirements" / f"{wanted}.lock"


def _said(what: str, work: Callable[[], None]) -> None:
    print(f"{what} …", flush=True)
    started = time.monotonic()
    work()
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


def _run(*command: object) -> None:
    ended = subprocess.run([str(part) for part in command], cwd=ROOT)
    if ended.returncode:
        raise SystemExit(f"setup: this ended with {ended.returncode}: {' '.join(str(part) for part in command)}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")
