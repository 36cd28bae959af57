"""Loaded before Django reads its settings (`-p tests.environment`): tests work in a folder and a database of their own.

Nothing of an installation in ./var is touched, and no variable of the caller's shell leaks in, but for
FESTOON_DATABASE_URL, which chooses the database under test: unset means an SQLite file.

The folder is in memory where the machine has enough: nothing in it is to outlive a machine, and each of a hundred
thousand commits would wait for the disk. A process that is killed leaves there what it leaves on a disk.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("FESTOON_") or name in {"SERVE", "FRESH"}]:
    if name not in {
        "FESTOON_DATABASE_URL",
        "FESTOON_TEST_DATABASE_URL",
        "FESTOON_PROVE",
        "FESTOON_PROVE_SEED",
        "FESTOON_MACHINE",
        "FESTOON_CHROMIUM",
        "FESTOON_YEAR_REPORT",
    }:
        del os.environ[name]

DISK, MEMORY, ENOUGH = tempfile.gettempdir(), "/dev/shm", 2 << 30
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    # Said in the environment too: for pytest's folders and for the processes that tests start.
    tempfile.tempdir = os.environ["TMPDIR"] = MEMORY

VAR = tempfile.mkdtemp(prefix="festoon-tests-")
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
(Path(VAR) / "static").mkdir()
os.environ["FESTOON_VAR"] = VAR
os.environ["FESTOON_SECRET_KEY"] = "the secret of the tests, which guards nothing"
os.environ["TZ"] = "Pacific/Auckland"  # a zone that is nobody's here: code that asks the machine's zone shows itself
