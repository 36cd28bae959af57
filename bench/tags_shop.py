"""The shop of the price tags in a database of its own: what POST /v1/prices reads, but for its JSON."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from figures import ROOT
from tags_world import MOMENT, wallet

NOW = datetime.fromisoformat(MOMENT)


def open_shop(data: dict[str, Any], goods: list[dict[str, Any]], chance: Random) -> Callable[[], list[Any]]:
    """Builds it; the answer is the action, ready to be asked for all tags of the page."""
    sys.path.insert(0, str(ROOT))
    folder = tempfile.mkdtemp(prefix="festoon-bench-tags-")
    os.environ |= {"FESTOON_VAR": folder, "DJANGO_SETTINGS_MODULE": "festoon.config.settings"}
    os.environ["FESTOON_DATABASE_URL"] = f"sqlite:///{folder}/tags.sqlite3"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill(data, goods, wallet(data, goods, chance))
    from festoon.checkout.prices import PricesRequest, prices
    from tests.checkout.world import SHOP

    asked = PricesRequest([each["sku"] for each in goods], buyer="mei")
    return lambda: list(prices(asked, by=SHOP, now=NOW).tags)


def _fill(data: dict[str, Any], goods: list[dict[str, Any]], held: list[dict[str, Any]]) -> None:
    from festoon.catalog.models import Brand, Category, Merchant, Product
    from festoon.distribution.claims import claim
    from festoon.offers.models import Live, Release
    from tests.checkout import world

    world.make()
    for n, code in enumerate(sorted({each["merchant"] for each in goods}), 10):
        world._merchant(code, n)
    sellers = {row.code: row for row in Merchant.objects.all()}
    paths = sorted({"/".join(each["category"]) for each in goods})
    kinds = {p: Category.objects.create(code=p.split("/")[-1], path=p, name_en=p, name_zh=p) for p in paths}
    brands = {b: Brand.objects.create(code=b, name_en=b, name_zh=b) for b in sorted({g["brand"] for g in goods})}
    Product.objects.bulk_create(
        [
            Product(
                merchant=sellers[each["merchant"]], sku=each["sku"], product=each["product"], name_en="x", name_zh="x",
                category=kinds["/".join(each["category"])], brand=brands[each["brand"]], tags=each["tags"],
                list_price=each["unit_price"], tag_floor=each["tag_floor"],
            )
            for each in goods
        ]
    )  # fmt: skip
    mine = {each["offer"] for each in held}
    rows = [("offer", each) for each in data["offers"] if each["code"] not in mine]
    rows += [("exclusion", each) for each in data["exclusions"]]
    made = Release.objects.bulk_create(
        [
            Release(
                merchant=sellers["lantern"], kind=kind, code=each["code"], version=1, data=each, digest="0" * 64, review_id=0,
                released_at=world.NOW, released_by="bench",
            )
            for kind, each in rows
        ]
    )  # fmt: skip
    Live.objects.bulk_create(
        [Live(kind=each.kind, code=each.code, release=each, since=world.NOW, by="bench") for each in made]
    )
    for each in data["offers"]:
        if each["code"] in mine:
            told = {name: value for name, value in each.items() if name not in {"code", "kind", "name"}}
            world.coupon(each["code"], stock=9, days=None, **told)
    for each in held:
        claim(each["offer"], "mei", by=world.SHOP, now=NOW, key=each["offer"])
