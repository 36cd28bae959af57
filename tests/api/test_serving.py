"""`festoon serve` as an operator starts it."""

from __future__ import annotations

import signal
import time

import pytest

from tests.api.good import Good
from tests.api.serving import festoon, migrate, served


@pytest.mark.once
def test_it_serves_both_kinds_of_doors_and_ends_when_told(staged_url, tmp_path):
    with served(staged_url, tmp_path) as product:
        assert product.client.get("/v1/health").json()["status"] == "ok"
        assert product.client.get("/v1/nothing").json()["error"]["code"] == "no_such_address"
        assert "text/html" in product.client.get("/sign-in/").headers["content-type"]
        product.process.send_signal(signal.SIGTERM)
        assert product.process.wait(timeout=20) == 0


@pytest.mark.once
def test_a_door_that_was_not_named_is_not_there(staged_url, tmp_path):
    with served(staged_url, tmp_path, "--doors", "api", "--no-work") as product:
        assert product.client.get("/v1/health").status_code == 200
        answer = product.client.get("/sign-in/")
        assert answer.status_code == 404 and "not here" in answer.text


def test_a_database_others_share_is_changed_only_when_asked(database_url, tmp_path):
    if database_url.startswith("sqlite"):
        with served(database_url, tmp_path, "--no-work") as product:
            assert product.client.get("/v1/health").status_code == 200
        return
    with pytest.raises(AssertionError, match="run: festoon migrate"), served(database_url, tmp_path):
        pass
    migrate(database_url, tmp_path)
    with served(database_url, tmp_path, "--no-work") as product:
        assert product.client.get("/v1/health").status_code == 200


def test_the_whole_way_over_a_real_socket_with_a_key_made_on_the_command_line(staged_url, tmp_path):
    database_url = staged_url
    scopes = "quotes.write,holds.write,redemptions.write,refunds.write,claims.write,wallet.read"
    key = festoon(database_url, tmp_path, "keys", "make", "app", "--scopes", scopes, "--channel", "app").strip()
    with served(database_url, tmp_path) as product:
        good = Good(product.client, OneKey(key))
        paid = good.made("/v1/redemptions", {"hold": good.hold, "order": "o-1"})
        back = good.made("/v1/refunds", {"redemption": paid["redemption"], "units": {"1": 3, "2": 1}})
        assert back["amount"] == paid["paid"] > 0
        festoon(database_url, tmp_path, "keys", "revoke", "app", "--why", "the test is over")
        until = time.monotonic() + 10
        while good.ask("/v1/wallets/mei", method="GET").status_code == 200:
            assert time.monotonic() < until, "a revoked key still opens the door"
            time.sleep(0.05)
        assert good.ask("/v1/wallets/mei", method="GET").status_code == 401
    assert "revoked" in festoon(database_url, tmp_path, "keys", "list")


class OneKey:
    """The only key there is, whoever asks."""

    def __init__(self, text: str) -> None:
        self.text = text

    def key(self, name: str) -> str:
        return self.text
