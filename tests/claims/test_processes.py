"""Several processes on one database: the accounts and the indexes decide, not the memory of any of them."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from festoon.checkout.invariants import every
from festoon.coupons import queries as coupons
from festoon.ledger import accounts
from festoon.records.viewer import SYSTEM
from tests.checkout import world
from tests.checkout.world import NOW

PROGRAM = """
import json, sys, threading
import django
django.setup()
from festoon.distribution.claims import claim
from festoon.records.refusal import Refusal
from tests.checkout.world import NOW, SHOP

name, answers = sys.argv[1], []
sys.stdin.readline()

def rush(thread):
    from django.db import connection
    for n in range(20):
        key = f"{name}-{thread}-{n}" if n % 5 else f"shared-{thread}-{n}"
        try:
            coupon = claim("flash", f"town-{(thread * 20 + n) % 40:03}", by=SHOP, now=NOW, key=key).coupon
            answers.append(["granted", key, coupon])
        except Refusal as refusal:
            answers.append([refusal.code, key, ""])
    connection.close()

threads = [threading.Thread(target=rush, args=(n,)) for n in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps(answers))
"""


def url() -> str:
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


@pytest.mark.django_db
@pytest.mark.timeout(180)
def test_three_processes_give_exactly_the_stock_and_one_coupon_for_a_key() -> None:
    world.coupon("flash", stock=50, per_shopper=3, type="amount", **{"with": {"off": 500}})
    env = {**os.environ, "FESTOON_DATABASE_URL": url(), "DJANGO_SETTINGS_MODULE": "festoon.config.settings"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(n)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for n in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    answers = [answer for process in started for answer in json.loads(process.communicate()[0])]
    assert len(answers) == 240
    granted = {(key, coupon) for code, key, coupon in answers if code == "granted"}
    assert len(granted) == len({key for key, _ in granted}) == 50, "one coupon for a key, fifty in all"
    assert {code for code, _, _ in answers} <= {"granted", "sold_out", "limit_reached"}
    rows = coupons.visible(SYSTEM)
    assert {(row.key, row.id) for row in rows} == granted
    assert max(Counter(rows.values_list("shopper", flat=True)).values()) <= 3
    assert accounts.balance("stock:flash") == 0
    assert {invariant.code for invariant in every() if invariant.check(NOW).problems} == set()
