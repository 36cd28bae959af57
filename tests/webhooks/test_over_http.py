"""The shop's own systems arrange who is told, over /v1: what comes is signed by the secret they were given."""

from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from festoon.records.viewer import SYSTEM
from festoon.webhooks import queries
from festoon.webhooks.delivering import serve
from festoon.webhooks.fan_out import hand_on
from tests.api.conftest import door  # noqa: F401
from tests.api.good import Good
from tests.webhooks.receiver import OK, receiving, status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loopback")]


@pytest.fixture(autouse=True)
def small_world():
    """The cast is world enough."""


def test_from_the_subscription_to_what_is_sent_again(door, cast):  # noqa: F811
    good = Good(door, cast)
    hand_on(cast.now)

    def courier():
        hand_on(cast.now)
        [endpoint] = queries.plain(SYSTEM)
        return serve(endpoint, worker="w", clock=lambda: datetime.now(UTC))

    def ask(path, body=None, key=""):
        return good.made(f"/v1/webhooks{path}", body, method="GET" if body is None else "POST", key=key)

    with receiving(OK, status(410), OK) as there:
        asked = {"name": "crm", "url": there.url, "kinds": ["coupon.claimed"]}
        made = ask("", asked, key="k")
        hook = f"/{made['webhook']}"
        good.claimed("tao")
        assert courier() == 1
        [(headers, body)] = there.got
        assert Webhook(made["secret"]).verify(body, headers)["data"]["shopper"] == "tao"
        new = ask(f"{hook}/secret", {}, key="s")
        assert new["secret"] != made["secret"]
        assert ask(f"{hook}/secret", {}, key="s") == new, "the same key, the same secret"
        assert ask("", asked, key="k") == made, "as it was answered, whatever came after"
        good.claimed("rui")
        assert courier() == 0
        assert ask(hook)["state"] == "gone"
        [dead] = ask(f"{hook}/deliveries?only=dead")["deliveries"]
        assert (dead["state"], dead["status"], dead["kind"]) == ("dead", 410, "coupon.claimed")
        assert ask(hook, {"state": "live", "name": "crm-2"})["name"] == "crm-2"
        assert ask(f"{hook}/resend", {"delivery": dead["delivery"]}) == {"count": 1}
        assert courier() == 1
        headers, body = there.got[-1]
        assert len(headers["webhook-signature"].split()) == 2
        Webhook(new["secret"]).verify(body, headers)
    assert [each["state"] for each in ask(f"{hook}/deliveries")["deliveries"]] == ["sent", "sent"]
    assert ask(f"{hook}/end", {}, key="e")["state"] == "ended"
    assert ask(f"{hook}/end", {}, key="e")["state"] == "ended"
    assert ask("") == {"webhooks": []}
