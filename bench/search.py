"""Finding goods among a hundred thousand: the server's time for one search of the scope picker, answer drawn.

    FESTOON_DATABASE_URL=… python -m bench.search        an empty database; SQLite or PostgreSQL

Writes var/bench/search.json. The goods come through the catalogue's own verb, the answers through the screen's template.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import django

NOW = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)
GOODS, PART, ROUNDS = 100_000, 5_000, 7
KINDS = [("Oolong", "乌龙"), ("Green tea", "绿茶"), ("Teapot", "茶壶"), ("Kite", "风筝"), ("Lip balm", "润唇膏")]
ASKED = ["ool", "teapot 77", "茶壶", "brand-042", "g-099999", "lip balm 5", "kite teapot", "nothing at all", "e"]


def main() -> None:
    """Fill, look, tell."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.template.loader import render_to_string

    from bench.figures import written
    from festoon.catalog import actions, search
    from festoon.catalog.goods import goods
    from festoon.console import scope_picker
    from festoon.records.viewer import SYSTEM

    call_command("migrate", verbosity=0)
    how = {"by": SYSTEM, "now": NOW}
    house = {
        "code": "lantern",
        "name_en": "Lantern Market",
        "name_zh": "灯集",
        "currency": "CNY",
        "zone": "Asia/Shanghai",
    }
    actions.take_merchants([house], **how, key="m")
    actions.take_categories([_named(f"c-{n}", "Shelf", "货架", path=f"c-{n}") for n in range(300)], **how, key="c")
    actions.take_brands([_named(f"brand-{n:03}", "Brand", "品牌") for n in range(500)], **how, key="b")
    for start in range(0, GOODS, PART):
        rows = [_product(n) for n in range(start, start + PART)]
        assert actions.take_products(rows, **how, key=f"p-{start}").taken == PART
    began = perf_counter()
    search.find(SYSTEM, "first", now=NOW)
    first = (perf_counter() - began) * 1000
    goods(NOW)

    def ask(text: str) -> None:
        found = scope_picker.results(SYSTEM, text, now=NOW)
        render_to_string("console/form/found.html", {"found": found, "at": "scope", "asked": text, "action": "/"})

    ask("warm")
    took = {text: _timed(lambda text=text: ask(text)) for text in ASKED}
    scopes = [{"all": True}, {"category": ["c-7"]}, {"brand": ["brand-042"], "except": {"sku": ["g-000042"]}}]
    met = max(_timed(lambda scope=scope: scope_picker.meets(SYSTEM, scope, now=NOW)) for scope in scopes)
    for text, each in took.items():
        print(f"{text:16} {each:7.1f} ms")
    slowest = max(took.values())
    print(f"{connection.vendor}: slowest {slowest:.1f} ms, goods met {met:.1f} ms, first after a change {first:.0f} ms")
    written(
        f"search-{connection.vendor}",
        [
            {"name": "search_100000_slowest", "value": round(slowest, 1), "unit": "ms"},
            {"name": "search_100000_first", "value": round(first, 1), "unit": "ms"},
            {"name": "scope_meets_100000", "value": round(met, 1), "unit": "ms"},
        ],
    )


def _timed(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        took.append((perf_counter() - began) * 1000)
    return median(took)


def _named(code: str, en: str, zh: str, **more: str) -> dict[str, str]:
    return {"code": code, "name_en": f"{en} {code}", "name_zh": f"{zh}{code}", **more}


def _product(n: int) -> dict[str, object]:
    en, zh = KINDS[n % len(KINDS)]
    return {
        "sku": f"g-{n:06}", "product": f"p-{n // 3}", "merchant": "lantern", "name_en": f"{en} {n}", "name_zh": f"{zh}{n}号",
        "category": f"c-{n % 300}", "brand": f"brand-{n % 500:03}", "list_price": 1000 + n % 9000, "tags": [f"tag-{n % 40}"],
    }  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "festoon.config.settings")
    sys.exit(main())
