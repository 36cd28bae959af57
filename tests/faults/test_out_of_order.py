"""Calls in any order, early, late, doubled, from four shops at once: documented answers, legal states, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import uuid4

import pytest

from festoon.demo.cast import world
from festoon.demo.town.basket import draw
from tests.faults.client_log import LoggedWire
from tests.faults.key import APP
from tests.faults.test_kill_the_server import everything_holds

CALLS, SHOPS = 120, 4


class Caller:
    """Draws calls by chance from what was answered so far, and from what never was."""

    def __init__(self, wire, chance, mark):
        self.wire, self.chance, self.mark, self.number = wire, chance, mark, 0
        self.tokens, self.holds, self.redemptions, self.sent, self.odd = [], [], [], [], []

    def call(self):
        self.number += 1
        verb = self.chance.choice([self.claim, self.quote, self.quote, self.hold, self.hold, self.cancel, self.redeem,
                                   self.redeem, self.refund, self.refund, self.again, self.other_body])  # fmt: skip
        answer = verb()
        if answer is not None and (answer.status >= 500 or (not answer.ok and not documented(answer))):
            self.odd.append(f"{verb.__name__}: {answer.status} {answer.body}")

    def claim(self):
        return self._write("/v1/claims", {"offer": "d12-red-envelope", "shopper": self._who()})

    def quote(self):
        answer = self.wire.post("/v1/quotes", {"lines": draw(self.chance), "buyer": self._who(), "shipping": 800})
        self.tokens += [answer.body["token"]] if answer.ok else []
        return answer

    def hold(self):
        return self._write("/v1/holds", {"token": self._one(self.tokens)}, keep=(self.holds, "hold"))

    def cancel(self):
        return self._write(f"/v1/holds/{self._one(self.holds)}/cancel", {})

    def redeem(self):
        body = {"hold": self._one(self.holds), "order": f"{self.mark}{self.number}"}
        return self._write("/v1/redemptions", body, keep=(self.redemptions, "redemption"))

    def refund(self):
        body = {"redemption": self._one(self.redemptions), "units": {"1": self.chance.randint(1, 2)}}
        return self._write("/v1/refunds", body)

    def again(self):
        """The same with the same key."""
        if not self.sent:
            return None
        path, body, key = self.chance.choice(self.sent)
        return self.wire.post(path, body, key=key)

    def other_body(self):
        """Something else with a key that was used."""
        done = [(path, key) for path, body, key in self.sent if path == "/v1/claims"]
        if not done:
            return None
        path, key = self.chance.choice(done)
        answer = self.wire.post(path, {"offer": "d12-shop-30", "shopper": self._who()})
        if answer.ok:
            self.odd.append(f"{key} without a key was taken: {answer.body}")
        return answer

    def _write(self, path, body, keep=None):
        key = f"{self.mark}{self.number}"
        self.sent.append((path, body, key))
        answer = self.wire.post(path, body, key=key)
        if answer.ok and keep:
            keep[0].append(answer.body[keep[1]])
        return answer

    def _one(self, known):
        return self.chance.choice(known) if known and self.chance.random() < 0.9 else uuid4().hex

    def _who(self):
        return self.chance.choice(world.group_codes("town")[:30])


def documented(answer) -> bool:
    from festoon.api.refusals import REFUSALS

    return REFUSALS.get(answer.code, (0, ""))[0] == answer.status


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_calls_in_any_order_are_answered_as_documented(product, database, log, rounds):
    for seed in rounds(small=1, large=84):  # 84 × 120 × 4: ten thousand sequences' worth of calls, four at a time
        product.start()
        shared = Caller(None, Random(seed), "")

        def shop(n, seed=seed, shared=shared):
            with LoggedWire(product.url, APP, log) as wire:
                caller = Caller(wire, Random(seed * 100 + n), f"order-{seed}-{n}-")
                caller.holds, caller.redemptions = shared.holds, shared.redemptions  # each shop sees the others' too
                for _ in range(CALLS):
                    caller.call()
                return caller.odd

        with ThreadPoolExecutor(SHOPS) as pool:
            odd = [each for shop_odd in pool.map(shop, range(SHOPS)) for each in shop_odd]
        assert not odd, odd[:3]
        everything_holds(product, log, database, f"order-{seed}-")
        product.kill()
    assert len(log.acknowledged) > 20, "hardly anything happened"
