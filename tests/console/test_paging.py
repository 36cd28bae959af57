"""The key with which a page of a list begins: what nobody made shows the first page, as without a key."""

import json
from base64 import urlsafe_b64encode

import pytest
from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
NOW, ENDLESS = "2026-12-12T00:00+00:00", float("inf")
NOBODYS = [
    [NOW, "abc"], [NOW, ENDLESS], [NOW, float("nan")], [NOW, None], [NOW, [1]], [NOW, {"id": 1}], [NOW, "²"],
    ["0001-01-01T00:00+14:00", 1], ["9999-12-31T23:59-14:00", 1], ["2026-12-12T00:00", 1], [20261212, 1], [None, 1], [NOW],
    {"at": NOW}, NOW,
]  # fmt: skip


def key(values):
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("way", ["after", "before"])
def test_a_key_nobody_made_is_no_key(at, way):
    client = at("lin")
    first = [row.code for row in client.get("/offers/").context["list"].rows]
    assert len(first) > 10
    for values in NOBODYS:
        shown = client.get("/offers/", {way: key(values)})
        assert [row.code for row in shown.context["list"].rows] == first, values
    assert not client.get("/offers/", {"after": key(["1980-01-01T00:00+08:00", 1])}).context["list"].rows


LISTS = ["/campaigns/", "/webhooks/", "/reviews/", "/reviews/?sort=latest", "/people/", "/audit/"]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_shown_whatever_key_it_is_given(client, cast, path):
    client.force_login(User.objects.create_superuser("root"))
    for values in [*NOBODYS, *([one] for one in (None, "abc", ENDLESS, [1], "\ud800")), ["\ud800", 1], [NOW, NOW, "x"]]:
        assert client.get(path, {"after": key(values)}).status_code == 200, values
