"""What everything is held against: pgbench's raw transaction on the same machine in the same minutes.

BEGIN, take one of a hot row, add a row, COMMIT: 32 clients, one round trip a statement, the disk waited for.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

CLIENTS, SECONDS = 32, 3
TABLES = """
DROP TABLE IF EXISTS raw_claim; DROP TABLE IF EXISTS raw_stock;
CREATE TABLE raw_stock (id int PRIMARY KEY, remaining bigint NOT NULL CHECK (remaining >= 0));
CREATE TABLE raw_claim (id bigserial PRIMARY KEY, stock int NOT NULL, shopper bigint NOT NULL);
INSERT INTO raw_stock VALUES (1, 1000000000);
"""
TRANSACTION = """\\set shopper random(1, 1000000000)
BEGIN;
UPDATE raw_stock SET remaining = remaining - 1 WHERE id = 1 AND remaining > 0;
INSERT INTO raw_claim (stock, shopper) VALUES (1, :shopper);
COMMIT;
"""


def raw(url: str) -> float:
    """Transactions a second, just now."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES.encode())
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(TRANSACTION)
        script.flush()
        command = [_pgbench(), "-n", "-M", "simple", f"-c{CLIENTS}", "-j2", f"-T{SECONDS}", "-f", script.name, url]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found, told
    return float(found[1])


def _pgbench() -> str:
    places = [
        shutil.which("pgbench"),
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/pgbench")), reverse=True),
    ]
    found = next((place for place in places if place), None)
    if found is None:
        raise SystemExit("make load: there is no pgbench on this machine; it comes with PostgreSQL's server")
    return found
