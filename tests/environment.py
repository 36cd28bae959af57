"""Loaded before Django reads its settings (`-p tests.environment`): tests work in a folder and a database of their own.

Nothing of an installation in ./var is touched, and no variable of the caller's shell leaks in, but for
FESTOON_DATABASE_URL, which chooses the database under test: unset means an SQLite file.
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
        "FESTOON_CHROMIUM",
        "FESTOON_YEAR_REPORT",
    }:
        del os.environ[name]

VAR = tempfile.mkdtemp(prefix="festoon-tests-")
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
(Path(VAR) / "static").mkdir()
os.environ["FESTOON_VAR"] = VAR
os.environ["FESTOON_SECRET_KEY"] = "the secret of the tests, which guards nothing"
os.environ["TZ"] = "Pacific/Auckland"  # a zone that is nobody's here: code that asks the machine's zone shows itself
