"""Reading the lake: ibis expressions on DuckDB over the Parquet files."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import ibis

from festoon.analytics.lake.folder import Folder
from festoon.analytics.lake.world import World
from festoon.analytics.lake.write import table

Table = Any
"""An ibis table expression; ibis ships no types."""


class Lake:
    """The events as tables. Each event is there once, whatever files it stands in.

    `zone` is where days begin and end: every table of things that happened has the local `day`. `world` is what
    events name and do not tell again: templates and the goods they are about. `days`: only what happened from the
    first to the last of these UTC days is read.
    """

    def __init__(
        self,
        folder: Folder,
        zone: str,
        world: World | None = None,
        *,
        days: tuple[date, date] | None = None,
        memory: str = "1GB",
        threads: int = 2,
    ) -> None:
        self.folder, self.zone, self.world, self.days = folder, zone, world or World(), days
        self.base = ibis.duckdb.connect(threads=threads, memory_limit=memory, autoinstall_known_extensions=False)
        self.base.raw_sql("set TimeZone = 'UTC'")

    @cached_property
    def events(self) -> Table:
        """Every event, once."""
        return self._once(self._read(), "events")

    def alone(self, *kinds: str) -> Table:
        """The events of some kinds, once, where nothing else is asked: the others are not looked at."""
        found = self._read()
        return self._once(found.filter(found.kind.isin(kinds)), "alone")

    def _read(self) -> Table:
        files = [str(path) for path in self.folder.files(self.days)]
        return self.base.read_parquet(files, table_name="files") if files else ibis.memtable(table([]))

    def _once(self, found: Table, name: str) -> Table:
        seen = found.aggregate(n=found.count(), marks=found.id.hash().nunique()).to_pyarrow().to_pylist()[0]
        if seen["n"] == seen["marks"]:  # as many hashes as rows: no id twice; the other way round is looked at below
            return found
        again = found.group_by("id").having(found.count() > 1).select("id").distinct()
        twice = self._kept(f"twice_{name}", again)
        if twice.count().to_pyarrow().as_py() == 0:
            return found
        doubled = found.semi_join(twice, "id")
        first = doubled.mutate(nth=ibis.row_number().over(group_by=doubled.id, order_by=doubled.at))
        once = first.filter(first.nth == 0).drop("nth")
        return self._kept(name, found.anti_join(twice, "id").union(once))

    def of(self, *kinds: str) -> Table:
        """The events of some kinds, with the local day."""
        found = self.events.filter(self.events.kind.isin(kinds))
        return found.mutate(day=self.local(found.at).date())

    def local(self, at: Any) -> Any:
        """A moment as the clock of the zone showed it."""
        return _timezone(self.zone, at)

    @cached_property
    def orders(self) -> Table:
        """One row an order that was recorded: code, shopper, day, channel, store and its money by name."""
        found = self.of("order.recorded")
        money = {name: found.money.get(name, 0) for name in ("net", "card", "match", "maker")}
        return self._kept("orders", found.select("merchant", "order", "shopper", "channel", "store", "day", **money))

    @cached_property
    def lines(self) -> Table:
        """One row a line of a recorded order: order, shopper, day, sku, whether goods, what makers' coupons took."""
        found = self.of("order.recorded")
        each = found.select("merchant", "order", "shopper", "day", line=found.lines.unnest())
        line = each.line
        return self._kept(
            "lines",
            each.select(
                "merchant", "order", "shopper", "day", sku=line["sku"], goods=line["goods"],
                maker=line["money"].get("maker", 0),
            ),
        )  # fmt: skip

    @cached_property
    def issues(self) -> Table:
        """One row an issue: campaign, offer, shopper, `origin` (issue, tied, extra) and its `count`."""
        found = self.of("coupon.issued", "coupon.quota")
        return self._kept(
            "issues",
            found.select(
                "id", "campaign", "offer", "shopper", "day", origin=found.origin.fill_null("issue"),
                count=found["count"].fill_null(1),
            ),
        )  # fmt: skip

    @cached_property
    def uses(self) -> Table:
        """One row a coupon used: campaign, offer, shopper, day, order, and whether it was priced by the rules."""
        ruled = self.of("order.redeemed")
        each = ruled.select("merchant", "shopper", "day", "order", coupon=ruled.coupons.unnest())
        by_rule = each.select(
            "merchant", "shopper", "day", "order", campaign=each.coupon["campaign"], offer=each.coupon["offer"],
            coupon=each.coupon["id"], by_rule=True,
        )  # fmt: skip
        outside = self.of("coupon.redeemed_outside").mutate(by_rule=False).select(*by_rule.columns)
        return self._kept("uses", by_rule.union(outside))

    @cached_property
    def broad(self) -> Table:
        """The recorded orders of a shopper on the day of a use, with the campaign they so belong to."""
        days = self.uses.select("campaign", "merchant", "shopper", "day").distinct()
        return self._kept("broad", days.inner_join(self.orders, ["merchant", "shopper", "day"]))

    @cached_property
    def strict(self) -> Table:
        """Those of them that hold goods of the very coupon that was used that day."""
        used = self.uses.select("campaign", "offer", "merchant", "shopper", "day").distinct()
        bought = used.inner_join(self.lines.filter(self.lines.goods), ["merchant", "shopper", "day"])
        met = bought.semi_join(self.scopes, ["offer", "sku"]).select("campaign", "merchant", "order").distinct()
        return self._kept("strict", self.broad.semi_join(met, ["campaign", "merchant", "order"]))

    @cached_property
    def templates(self) -> Table:
        """One row a coupon template: offer, campaign, face value in minor units (none: not known or not an amount)."""
        return self._kept("templates", ibis.memtable(self.world.templates()))

    @cached_property
    def scopes(self) -> Table:
        """One row a coupon template and sku it is about."""
        return self._kept("scopes", ibis.memtable(self.world.scopes()))

    def _kept(self, name: str, rows: Table) -> Table:
        return self.base.create_table(name, rows, temp=True)

    def close(self) -> None:
        """Let go of memory and files."""
        self.base.disconnect()


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))
def _timezone(zone, at):  # type: ignore[no-untyped-def]
    ...
