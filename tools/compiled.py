"""The engine compiled, beside the interpreted one: var/compiled/festoon, to be put first on the path.

    python tools/compiled.py            builds what changed; FESTOON_COMPILED names another folder

The same sources through mypyc: nothing is written twice, and without a C compiler nothing is lost but speed. The rules
on the shelves stay interpreted, so that anybody's own have the same rights.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
FOLDER = Path(os.environ.get("FESTOON_COMPILED") or ROOT / "var" / "compiled")
INTERPRETED = {"__init__.py", "rules.py", "tags.py", "refund.py"}
"""Of the engine: what is subclassed by rules, and what no price asks."""
ALSO = ("festoon/base/money.py", "festoon/rulebook/picking.py")
FLAGS = "-fno-semantic-interposition -fno-plt"
"""Nobody puts functions of his own in the place of these: they call each other, and Python, without a way round."""
BUILD = """
import sys
level, *names = sys.argv[1:]
from setuptools import setup
from mypyc.build import mypycify
modules = mypycify([*names, "--explicit-package-bases", "--ignore-missing-imports"], opt_level=level, debug_level="0")
setup(name="festoon-compiled", packages=[], ext_modules=modules, script_args=["build_ext", "--inplace"])
"""


def modules() -> list[str]:
    """What is compiled, as paths below src."""
    engine = [path.name for path in sorted((SOURCE / "festoon" / "engine").glob("*.py"))]
    return [*[f"festoon/engine/{name}" for name in engine if name not in INTERPRETED], *ALSO]


def build(folder: Path = FOLDER, *, optimised: bool = True) -> Path:
    """The folder with the whole package, its hot modules compiled; raises CalledProcessError with what went wrong.

    Not `optimised` takes a third of the time and says the same, slower: for who asks only what it says.
    """
    told, stamp = _hash(), folder / "built-from"
    if stamp.exists() and stamp.read_text() == told:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "static", "locale", "templates")
    shutil.copytree(SOURCE / "festoon", folder / "festoon", ignore=ignored)
    level = "3" if optimised else "0"
    subprocess.run(
        [sys.executable, "-c", BUILD, level, *modules()],
        cwd=folder,
        env={**os.environ, "CFLAGS": f"{os.environ.get('CFLAGS', '')} {FLAGS}".strip()},
        check=True,
        capture_output=True,
        text=True,
    )
    shutil.rmtree(folder / "build", ignore_errors=True)
    stamp.write_text(told)
    return folder


def compiler() -> str | None:
    """The C compiler of this machine, None when there is none."""
    named = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    return shutil.which(named.split()[0]) or shutil.which("cc")


def _hash() -> str:
    whole = hashlib.sha256(f"{sys.version} {FLAGS}".encode())
    for path in sorted((SOURCE / "festoon").rglob("*.py")):
        whole.update(str(path.relative_to(SOURCE)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def main() -> int:
    """Builds, and says where."""
    if compiler() is None:
        print("no C compiler here; the engine runs interpreted", file=sys.stderr)
        return 1
    try:
        folder = build()
    except subprocess.CalledProcessError as failed:
        print(failed.stdout, failed.stderr, sep="\n", file=sys.stderr)
        return 1
    print(f"compiled: PYTHONPATH={folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
