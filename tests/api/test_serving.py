"""`festoon serve` as an operator starts it."""

from __future__ import annotations

import signal

from tests.api.serving import migrate, served


def test_it_serves_both_kinds_of_doors_and_ends_when_told(database_url, tmp_path):
    migrate(database_url, tmp_path)
    with served(database_url, tmp_path) as product:
        assert product.client.get("/v1/health").json()["status"] == "ok"
        assert product.client.get("/v1/nothing").json()["error"]["code"] == "no_such_address"
        assert "text/html" in product.client.get("/sign-in/").headers["content-type"]
        product.process.send_signal(signal.SIGTERM)
        assert product.process.wait(timeout=20) == 0


def test_a_door_that_was_not_named_is_not_there(database_url, tmp_path):
    migrate(database_url, tmp_path)
    with served(database_url, tmp_path, "--doors", "api", "--no-work") as product:
        assert product.client.get("/v1/health").status_code == 200
        assert product.client.get("/sign-in/").status_code == 404


def test_a_database_others_share_is_changed_only_when_asked(database_url, tmp_path):
    if database_url.startswith("sqlite"):
        with served(database_url, tmp_path, "--no-work") as product:
            assert product.client.get("/v1/health").status_code == 200
        return
    import pytest

    with pytest.raises(AssertionError, match="run: festoon migrate"), served(database_url, tmp_path):
        pass
