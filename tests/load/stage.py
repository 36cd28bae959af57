"""`python -m tests.load.stage`: the workload into the database that FESTOON_DATABASE_URL names, by batch verbs only."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.load import world

AT_ONCE = 5_000
KEY = "fst_load_" + "0" * 32
PASSWORD = "made up, like everything here"
WRITERS = 16
SCOPES = ["quotes.write", "holds.write", "redemptions.write", "refunds.write", "claims.write", "wallet.read"]


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "festoon.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    _catalogue(now := datetime.now(UTC))
    _offers(now)
    _drafts(now)
    _wallets(now)
    _machine(now)
    return 0


def _catalogue(now: datetime) -> None:
    from festoon.catalog import actions
    from festoon.records.viewer import SYSTEM

    for what, rows in world.catalogue().items():
        take = getattr(actions, f"take_{what}")
        for at in range(0, len(rows), AT_ONCE):
            batch = take(rows[at : at + AT_ONCE], by=SYSTEM, now=now, key=f"load-{what}-{at}")
            assert not batch.refused, batch.refused[0]
    _say("catalogue")


def _offers(now: datetime) -> None:
    from festoon.base.words import Words
    from festoon.campaigns import actions as campaigns
    from festoon.composition import actions as composition
    from festoon.coupons import actions as coupons
    from festoon.promotions import actions as promotions

    lin = _person("lin", "operator")
    for code, money, rows in (
        (world.CAMPAIGN, 10**13, world.promotions()),
        (world.SMALL, world.SMALL_BUDGET, [world.shared()]),
    ):
        campaign = campaigns.create(
            {
                "code": code, "name": {"en": code, "zh": code}, "reason": {"en": "Load", "zh": "压测"},
                "starts_at": (now - timedelta(days=1)).isoformat(), "ends_at": (now + timedelta(days=30)).isoformat(),
            },
            by=lin, now=now,
        )  # fmt: skip
        words = Words(en="Discounts", zh="优惠")
        campaigns.add_budget_line(
            campaign, kind="discount", payer="platform", amount=money, name=words, by=lin, now=now
        )
        made = promotions.create_all(rows, by=lin, now=now, key=f"load-{code}")
        assert not made.refused, made.refused[0]
        if code == world.CAMPAIGN:
            made = coupons.create_all(world.coupons(), by=lin, now=now, key=f"load-{code}-coupons")
            assert not made.refused, made.refused[0]
        _say(f"drafts of {code}")
        composition.submit(campaign, by=lin, now=now)
        _say(f"{code} is live")


def _drafts(now: datetime) -> None:
    from festoon.promotions import actions as promotions

    made = promotions.create_all(world.drafts(), by=_person("lin", "operator"), now=now, key="load-drafts")
    assert not made.refused, made.refused[0]


def _wallets(now: datetime) -> None:
    from festoon.coupons.issuing import issue
    from festoon.offers.models import Offer
    from festoon.records.viewer import SYSTEM

    holders = [world.shopper(n) for n in range(world.HOLDERS)]
    for code in world.WALLET:
        batch = issue(Offer(code=code), holders, by=SYSTEM, now=now, key=f"load-{code}")
        assert not batch.refused, batch.refused[0]
    _say("wallets")


def _machine(now: datetime) -> None:
    """The key of the shop, and the sixteen colleagues who write in the console; they are signed in already."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    from festoon.base.words import Words
    from festoon.catalog.colleagues import add_person
    from festoon.catalog.machines.actions import make_key
    from festoon.records.viewer import SYSTEM
    from festoon.review.flows import Step, set_flow

    make_key("load", scopes=SCOPES, channel="app", by=SYSTEM, now=now, text=KEY)
    set_flow("exclusion", [Step(Words(en="Reviewer", zh="审核人"), ["role:reviewer"])], by=SYSTEM, now=now)
    for n in range(WRITERS):
        person = add_person(
            f"writer-{n}", merchant="lantern", name=Words(en="Writer", zh="录入"), roles=["operator"],
            password=PASSWORD, by=SYSTEM, now=now,
        )  # fmt: skip
        signed_in = {
            SESSION_KEY: str(person.user.pk), BACKEND_SESSION_KEY: "festoon.catalog.people.WithPerson",
            HASH_SESSION_KEY: person.user.get_session_auth_hash(),
        }  # fmt: skip
        Session(
            session_key=session_key(n),
            session_data=SessionStore().encode(signed_in),
            expire_date=now + timedelta(days=9),
        ).save(force_insert=True)
    _say("colleagues")


def session_key(writer: int) -> str:
    """The session of one of the writers."""
    return f"loadwriter{writer:02}" + "0" * 20


def _person(code: str, *roles: str) -> Any:
    from festoon.catalog.roles import rights_of
    from festoon.records.viewer import Viewer

    return Viewer(f"person:{code}", 1, rights_of(roles, platform=True), roles=frozenset(roles))


_begun = time.monotonic()


def _say(what: str) -> None:
    print(f"  {time.monotonic() - _begun:5.1f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
