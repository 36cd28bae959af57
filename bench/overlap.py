"""Which of 10,000 live offers meet one that is being edited, over 100,000 products.

    python bench/overlap.py        writes var/bench/overlap.json

On a SQLite file made for it under var/bench. Asked as the editor asks it, with the viewer's wall and the offers in review:
for every offer that meets the draft how many goods they share, and examples for a page of them, for drafts of every breadth.
`first` is the first question of a fresh process, which reads and indexes everything; `after a release` the first one after
the book has moved. What is in memory is set apart as by a process that serves (`api.memory`). Ten of the answers are looked at
once more with plain sets of skus.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from figures import ROOT, written

OFFERS, PRODUCTS, WAITING, PAGE, NEEDED = 10_000, 100_000, 200, 25, 300
CATEGORIES, BRANDS, MERCHANTS = 1000, 500, 200
NOW = datetime(2026, 12, 10, 4, 0, tzinfo=UTC)
rng = random.Random(20261210)


def main() -> int:
    folder = ROOT / "var" / "bench" / "overlap"
    for old in folder.glob("festoon.sqlite3*"):
        old.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "FESTOON_VAR": str(folder), "FESTOON_DATABASE_URL": f"sqlite:///{folder}/festoon.sqlite3",
        "DJANGO_SETTINGS_MODULE": "festoon.config.settings",
    }  # fmt: skip
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    say("making the catalogue and the offers …")
    make()
    return measured()


def make() -> None:
    from festoon.catalog.models import Brand, CatalogVersion, Category, Merchant, Product
    from festoon.offers.models import BookVersion, Live, Offer, Release
    from festoon.offers.sight import sight_of

    here = {"name_en": "m", "name_zh": "m", "currency": "CNY", "zone": "Asia/Shanghai"}
    Merchant.objects.bulk_create([Merchant(pk=n, code=f"m-{n}", **here) for n in range(1, MERCHANTS + 1)])
    top = [Category(pk=n, code=f"c-{n}", path=f"c-{n}", name_en="c", name_zh="c") for n in range(1, 51)]
    under = [
        Category(pk=n, code=f"c-{n}", path=f"c-{n % 50 + 1}/c-{n}", name_en="c", name_zh="c") for n in range(51, CATEGORIES + 1)
    ]  # fmt: skip
    Category.objects.bulk_create([*top, *under])
    Brand.objects.bulk_create([Brand(pk=n, code=f"b-{n}", name_en="b", name_zh="b") for n in range(1, BRANDS + 1)])
    Product.objects.bulk_create(
        [
            Product(
                merchant_id=rng.randint(1, MERCHANTS), sku=f"s-{n}", product=f"p-{n // 3}", name_en="s", name_zh="s",
                category_id=rng.randint(51, CATEGORIES), brand_id=rng.randint(1, BRANDS), list_price=rng.randint(100, 99_999),
                tags=rng.choice([[], [], ["gift"], ["festive"]]),
            )
            for n in range(PRODUCTS)
        ],
        batch_size=5000,
    )  # fmt: skip
    CatalogVersion.objects.update_or_create(pk=1, defaults={"number": 1})
    drafts = [form(f"o-{n}") for n in range(OFFERS + WAITING)]
    Offer.objects.bulk_create(
        [
            Offer(
                merchant_id=int(data["owner"][2:]), code=data["code"], kind="promotion", type="amount", name_en="o",
                name_zh="o", state="released" if n < OFFERS else "in_review", draft=data, author="person:lin",
                created_at=NOW, edited_at=NOW, out=n < OFFERS, sight=sight_of(data) if n < OFFERS else "",
            )
            for n, data in enumerate(drafts)
        ],
        batch_size=2000,
    )  # fmt: skip
    releases = [
        Release(
            merchant_id=int(data["owner"][2:]), kind="offer", code=data["code"], version=1, data=data,
            digest=f"{n:064}", review_id=0, released_at=NOW, released_by="rule",
        )
        for n, data in enumerate(drafts[:OFFERS])
    ]  # fmt: skip
    Release.objects.bulk_create(releases, batch_size=2000)
    Live.objects.bulk_create(
        [Live(kind="offer", code=each.code, release=each, since=NOW, by="rule") for each in releases], batch_size=2000
    )
    BookVersion.bump()


def form(code: str, scope: dict[str, Any] | None = None) -> dict[str, Any]:
    """One offer in the offers-file form, as an operator's might be."""
    start = NOW + timedelta(days=rng.randint(-10, 20))
    channel = {"channel": {"any": [rng.choice(["app", "store", "mini"])]}}
    return {
        "code": code,
        "owner": f"m-{rng.choice([1, 1, rng.randint(1, MERCHANTS)])}",
        "kind": "promotion",
        "name": {"en": code, "zh": code},
        "type": "amount",
        "with": {"off": 500, "at": 10_000},
        "scope": scope or scopes()[rng.choice([0, 1, 1, 1, 2, 2, 3, 3, 4, 5])],
        "when": rng.choice([[], [], [], [channel], [{"segment": {"any": ["gold"]}}]]),
        "window": {"start": start.isoformat(), "end": (start + timedelta(days=rng.randint(1, 14))).isoformat()},
    }


def scopes() -> list[dict[str, Any]]:
    """Scopes from the broadest to the narrowest."""
    return [
        {"all": True, "except": {"tag": ["gift"]}},
        {"category": [f"c-{rng.randint(1, 50)}" for _ in range(rng.randint(1, 3))]},
        {"brand": [f"b-{rng.randint(1, BRANDS)}"], "except": {"sku": [f"s-{rng.randint(0, PRODUCTS - 1)}"]}},
        {"sku": [f"s-{rng.randint(0, PRODUCTS - 1)}" for _ in range(rng.choice([1, 20, 200]))]},
        {"merchant": [f"m-{rng.randint(1, MERCHANTS)}"], "category": [f"c-{rng.randint(1, 50)}"]},
        {"sku": [f"s-{rng.randint(0, PRODUCTS - 1)}" for _ in range(2000)]},
    ]


def measured() -> int:
    from festoon.api.memory import set_apart
    from festoon.catalog.models import Merchant
    from festoon.offers import overlap
    from festoon.offers.models import BookVersion, Offer
    from festoon.offers.version import watch
    from festoon.records.viewer import SYSTEM

    platform = Merchant.objects.get(pk=1)

    def ask(offer: Offer) -> list[tuple[str, int]]:
        on = overlap.board("CNY", NOW)
        found = on.meeting(on.of(offer), overlap.known(SYSTEM, on))
        shown = [on.examples(each) for each in found[:PAGE]]
        assert all(shown)
        return [(each.other.code, each.count) for each in found]

    asked = [
        Offer(merchant=platform, code=f"new-{n}", draft=form(f"new-{n}", scope) | {"when": []})
        for n, scope in enumerate(scope for _ in range(6) for scope in scopes())
    ]
    watch.forget()
    first, _ = timed(lambda: ask(asked[0]))
    set_apart()
    times, answers = [], []
    for offer in asked:
        took, answer = timed(lambda offer=offer: ask(offer))
        times.append(took)
        answers.append(answer)
    BookVersion.bump()
    watch.forget()
    moved, _ = timed(lambda: ask(asked[0]))
    wrong = sum(differs(offer, answer) for offer, answer in list(zip(asked, answers, strict=True))[:10])
    met = [len(answer) for answer in answers]
    say(
        f"{OFFERS:,} live, {WAITING} in review, {PRODUCTS:,} products: p50 {median(times):.0f} ms, worst {max(times):.0f} ms; "
        f"first {first:.0f} ms, after a release {moved:.0f} ms; {min(met)} to {max(met)} met; {wrong} of 10 differ from plain sets"
    )
    row = {
        "name": "overlap_of_10000", "value": round(max(times), 1), "unit": "ms", "anchor": "milliseconds allowed",
        "anchor_value": NEEDED, "ratio": round(max(times) / NEEDED, 3), "p50": round(median(times), 1), "first": round(first),
        "after_a_release": round(moved), "most_met": max(met), "differ": wrong,
    }  # fmt: skip
    say(f"written to {written('overlap', [row])}")
    return 1 if wrong or max(times) > NEEDED else 0


def differs(offer: Any, answer: list[tuple[str, int]]) -> int:
    """1 when plain sets of skus and plain windows say otherwise."""
    from festoon.catalog.goods import goods
    from festoon.offers.models import Release

    have, mine = goods(NOW), offer.draft
    skus = have.within(mine["scope"])
    wanted = {}
    for code, data in Release.objects.values_list("code", "data"):
        start = max(*(datetime.fromisoformat(each["window"]["start"]) for each in (mine, data)), NOW)
        end = min(datetime.fromisoformat(each["window"]["end"]) for each in (mine, data))
        if start < end and (both := len(skus & have.within(data["scope"]))):
            wanted[code] = both
    live = {code: count for code, count in answer if int(code[2:]) < OFFERS}
    return int(live != wanted)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = act()
    return (time.perf_counter() - began) * 1000, found


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.exit(main())
