"""Puts the cast on the stage, through the same actions everybody uses: nothing here writes a row by itself.

Done once, it is remembered; killed half-way, the next call goes on where it was. What people change afterwards stays.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import actions as catalog
from festoon.catalog.colleagues import add_person
from festoon.catalog.machines import queries as machines
from festoon.catalog.machines.actions import digest, make_key
from festoon.catalog.people import viewer_of
from festoon.catalog.queries import people
from festoon.demo.cast import campaigns, keys, world
from festoon.records import keys as remembered
from festoon.records.batch import Batch
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer
from festoon.review.flows import set_flow
from festoon.review.levels import Step

STAGE = Viewer(name="job:cast", merchant_id=PLATFORM, rights=frozenset({"*"}))
DONE = "cast"

Say = Callable[[str], None]


def load(*, now: datetime, password: str, say: Say = lambda _: None) -> bool:
    """The whole world of demo.cast, its campaigns live at `now`; False when it was there already.

    Everybody signs in with their code (`lin`, `chen` …) and `password`. `say` is told what is being done.
    """
    if _was_done():
        return False
    say("goods, stores and shoppers")
    take_catalogue(now=now)
    say("people and their keys")
    take_on(password, now=now)
    for name in world.CAMPAIGNS:
        say(world.read(name)["campaign"]["name"]["en"])
        campaigns.stage(world.read(name), viewer=viewer, now=now)
    with transaction.atomic():
        remembered.remember(by=STAGE, key=DONE, verb="demo.cast", body={}, answer={}, now=now)
    return True


def viewer(code: str) -> Viewer:
    """One of the people as they are when signed in: lin, chen, he, zhou, ye, gu."""
    return viewer_of(people(SYSTEM).get(code=code).user)


def machine(name: str) -> Viewer:
    """Who the bearer of one of the cast's API keys is: `demo-app`, `till-willow-west`."""
    found = machines.viewer_of(digest(keys.text(name)))
    if found is None:
        raise LookupError(name)
    return found


def take_catalogue(*, now: datetime) -> None:
    """Merchants, stores, goods, shoppers and their segments."""
    taken = {
        "merchants": catalog.take_merchants(world.merchants(), by=STAGE, now=now, key="cast-merchants"),
        "stores": catalog.take_stores(world.stores(), by=STAGE, now=now, key="cast-stores"),
        "categories": catalog.take_categories(world.categories(), by=STAGE, now=now, key="cast-categories"),
        "brands": catalog.take_brands(world.brands(), by=STAGE, now=now, key="cast-brands"),
        "goods": catalog.take_products(world.goods(), by=STAGE, now=now, key="cast-goods"),
        "segments": catalog.take_segments(world.segments(), by=STAGE, now=now, key="cast-segments"),
        "shoppers": catalog.take_shoppers(world.shoppers(), by=STAGE, now=now, key="cast-shoppers"),
        "memberships": catalog.take_memberships(world.memberships(), by=STAGE, now=now, key="cast-memberships"),
    }
    for what, batch in taken.items():
        _whole(what, batch)


def take_on(password: str, *, now: datetime) -> None:
    """People who sign in, who reviews what, and the keys of the machines."""
    data = world.read("people")
    there = set(people(SYSTEM).values_list("code", flat=True))
    for row in data["people"]:
        if row["code"] not in there:
            add_person(
                row["code"], merchant=row["merchant"], name=Words(**row["name"]), roles=row["roles"],
                password=password, store=row.get("store", ""), by=STAGE, now=now,
            )  # fmt: skip
    for kind, levels in data["flows"].items():
        set_flow(kind, [Step(Words(**level["name"]), [f"role:{level['role']}"]) for level in levels], by=STAGE, now=now)
    open_keys = set(machines.keys(SYSTEM).values_list("digest", flat=True))
    for row in data["keys"]:
        if digest(keys.text(row["name"])) not in open_keys:
            make_key(**row, text=keys.text(row["name"]), by=STAGE, now=now)


def _was_done() -> bool:
    with transaction.atomic():
        return remembered.once(by=STAGE, key=DONE, verb="demo.cast", body={}) is not None


def _whole(what: str, batch: Batch) -> None:
    """A made-up world has no row that is refused."""
    if batch.refused:
        raise ValueError(f"{what}: {batch.refused[0]}")
