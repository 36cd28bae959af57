"""The lists with 100,000 offers, 1,600 of them in review: how long a page takes on the server, and how large it is.

    python bench/lists.py [COUNT]        writes var/bench/lists.json

Each address is asked for ROUNDS times in the process that answers, through every middleware and template, by somebody
who signed in; the figure is the median. The database is SQLite in var/bench/lists, made once; FESTOON_DATABASE_URL
names another empty one.
"""

from __future__ import annotations

import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS, BATCH = 15, 2_000
KB, MS = 300, 50
AT_WORK = ("draft", "draft", "draft", "in_review", "sent_back", "withdrawn")
PATHS = {
    "first page": "/offers/",
    "live": "/offers/?state=live",
    "ended": "/offers/?state=ended",
    "drafts": "/offers/?state=draft",
    "scheduled": "/offers/?state=scheduled",
    "one type": "/offers/?type=flash_price",
    "one campaign": "/offers/?campaign=womens-day&state=live",
    "one merchant, sent back": "/offers/?merchant=kite&state=sent_back",
    "search, many found": "/offers/?q=off",
    "search, few found": "/offers/?q=bench-000777",
    "search, none found": "/offers/?q=zzzz",
    "oldest first": "/offers/?sort=oldest",
    "go to, many found": "/go/?q=off",
    "go to, few found": "/go/?q=bench-000777",
    "go to, none found": "/go/?q=zzzz",
    "search, two letters": "/offers/?q=茶杯",
    "search, a thousand found": "/offers/?q=bench-000",
    "search, over a thousand found": "/offers/?q=89+off+tea",
    "search, one type, none found": "/offers/?q=zzzz&type=flash_price",
    "search, one type, some found": "/offers/?q=89+off+tea&type=flash_price",
    "search, one merchant, none": "/offers/?q=zzzz&merchant=lantern",
    "search, one merchant, some": "/offers/?q=bench-000&merchant=lantern",
    "search, one campaign, none": "/offers/?q=zzzz&campaign=double-12",
    "campaigns": "/campaigns/",
    "rule library": "/presets/",
    "wall of types": "/offers/new/",
    "a coupon": "/coupons/d12-gold-12/",
}
REVIEWING = {
    "review inbox": "/reviews/",
    "reviews, open": "/reviews/?state=open",
    "reviews, passed": "/reviews/?state=passed",
    "reviews, search": "/reviews/?q=bench-0007",
    "offers, a reviewer's": "/offers/",
}
"""What a reviewer asks for, for whom all of them wait."""
OF_A_MERCHANT = {"audit, a merchant's": "/audit/", "offers, a merchant's": "/offers/"}
OF_AN_ADMINISTRATOR = {"audit": "/audit/"}
NO_LISTS = {
    "no list: campaign of 50,000": ("/campaigns/double-12/", 500),
    "no list: its matrix": ("/campaigns/double-12/matrix/", 1500),
}
"""Pages of one thing that holds half of the offers, each with its own goal in milliseconds."""
CROWD = 300_000
"""So many rows of what shoppers did in crowds stand in the audit, before and after what people did."""


def main() -> None:
    os.environ.setdefault("FESTOON_VAR", str(ROOT / "var" / "bench" / "lists"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "festoon.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    fill()
    submit()
    crowd()
    figures = measured()
    from bench.figures import written

    print(written("lists", figures, offers=COUNT))


def fill() -> None:
    """The cast, and offers of every state around it, until there are COUNT."""
    from festoon.demo.cast.load import load
    from festoon.offers.models import Live, Offer, Release

    now = datetime.now(UTC)
    load(now=now, password="bench")
    chance, have = random.Random(1), Offer.objects.count()
    first = Offer.objects.get(code="d12-300-less-50")
    merchants = dict.fromkeys(Offer.objects.values_list("merchant_id", flat=True))
    themes = dict.fromkeys(Offer.objects.values_list("campaign_id", flat=True))
    for start in range(have, COUNT, BATCH):
        made = [
            copy(first, n, chance, now, list(merchants), list(themes)) for n in range(start, min(start + BATCH, COUNT))
        ]
        Offer.objects.bulk_create(made)
        frozen = Release.objects.bulk_create(
            [
                Release(
                    merchant_id=each.merchant_id, kind="offer", code=each.code, version=1, data=first.draft,
                    digest=f"{n:064d}", review_id=1, released_at=now, released_by="bench",
                )
                for n, each in enumerate(made, start)
                if each.out
            ]
        )  # fmt: skip
        Live.objects.bulk_create(
            [Live(kind="offer", code=each.code, release=each, since=now, by="bench") for each in frozen]
        )


def submit() -> None:
    """Every offer that is in review has its review, open at the first level."""
    from festoon.offers.models import Offer
    from festoon.review.levels import asks
    from festoon.review.models import Review

    like = Review.objects.filter(subject="d12-300-less-50").order_by("id")[0]
    known = set(Review.objects.filter(state="open").values_list("subject", flat=True))
    rows = Offer.objects.filter(state="in_review").exclude(code__in=known).order_by("id")
    Review.objects.bulk_create(
        Review(
            subject_kind=each.kind, subject=each.code, merchant_id=each.merchant_id, content=like.content, digest=like.digest,
            levels=like.levels, asks=asks(like.levels[0]), opened_at=each.edited_at, opened_by="person:lin",
        )
        for each in rows
    )  # fmt: skip


def crowd() -> None:
    """What claims and holds write into the audit: a row a group, none of which any list shows."""
    from festoon.records.models import AuditEntry

    have, now = AuditEntry.objects.filter(chain="bench").count(), datetime.now(UTC)
    for start in range(have, CROWD, BATCH):
        AuditEntry.objects.bulk_create(
            AuditEntry(chain="bench", number=n, at=now, by="system", merchant_id=1 + n % 4, verb="coupons.claim",
                       subject_kind="group", subject=f"{n}", previous="", digest="")
            for n in range(start, min(start + BATCH, CROWD))
        )  # fmt: skip


def copy(first: Any, n: int, chance: random.Random, now: datetime, merchants: list[int], themes: list[int]) -> Any:
    """An offer like one of the cast: nine in ten were released, most of these are over."""
    from festoon.offers.models import Offer
    from festoon.offers.sight import sight_of

    out = chance.random() < 0.9
    starts = now - timedelta(days=chance.randint(-10, 700))
    off = chance.randint(5, 90)
    return Offer(
        merchant_id=merchants[0] if chance.random() < 0.6 else chance.choice(merchants), campaign_id=chance.choice(themes),
        code=f"bench-{n:06d}", kind=chance.choice(["promotion", "coupon"]),
        type=chance.choice(["spend_and_save", "percent_off", "amount", "flash_price"]),
        name_en=f"{off} off tea {n}", name_zh=f"茶叶立减{off} {n}", state="released" if out else chance.choice(AT_WORK),
        draft=first.draft, starts_at=starts, ends_at=starts + timedelta(days=chance.randint(3, 40)), author="person:lin",
        created_at=starts, edited_at=now - timedelta(minutes=chance.randint(0, 500_000)), out=out,
        sight=sight_of(first.draft) if out else "",
    )  # fmt: skip


def measured() -> list[dict[str, Any]]:
    """A figure of time and one of size for each address, and for a page far inside."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    people = {name: Client() for name in ("lin", "chen", "ye", "he")}
    for name, each in people.items():
        each.force_login(get_user_model().objects.get(username=name))
    found, deep = [], "/offers/"
    for _ in range(20):
        deep = people["lin"].get(deep).context["list"].next
    teardown_test_environment()  # templates are drawn as they are served, not as tests look into them
    lists = {"lin": PATHS | {"twentieth page": deep}, "chen": REVIEWING, "ye": OF_A_MERCHANT, "he": OF_AN_ADMINISTRATOR}
    every = [(who, name, path, MS) for who, some in lists.items() for name, path in some.items()]
    for who, name, path, goal in [*every, *(("lin", name, *told) for name, told in NO_LISTS.items())]:
        took, size = asked(people[who], path)
        print(f"{name:28} {took:6.1f} ms {size / 1024:6.1f} KB", flush=True)
        found += [
            {"name": f"list_ms: {name}", "value": round(took, 1), "unit": "ms", "anchor": "the goal", "anchor_value": goal,
             "ratio": round(took / goal, 2), "goal": f"<= {goal}"},
        ]  # fmt: skip
        found += () if name in NO_LISTS else [
            {"name": f"list_kb: {name}", "value": round(size / 1024, 1), "unit": "KB", "anchor": "the goal",
             "anchor_value": KB, "ratio": round(size / 1024 / KB, 2), "goal": f"<= {KB}"},
        ]  # fmt: skip
    return found


def asked(client: Any, path: str) -> tuple[float, int]:
    """Milliseconds (median) and bytes of one address."""
    took = []
    for _ in range(ROUNDS + 2):
        start = time.perf_counter()
        answer = client.get(path, headers={"host": "127.0.0.1"})
        took.append((time.perf_counter() - start) * 1000)
    assert answer.status_code == 200, path
    return median(took[2:]), len(answer.content)


if __name__ == "__main__":
    main()
