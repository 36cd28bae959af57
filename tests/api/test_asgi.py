"""Which door gets which request: /v1 is the machines', the rest the people's, start and stop the machines' alone."""

from __future__ import annotations

import asyncio

import pytest

from festoon.config.asgi import dispatch


class Door:
    """Answers with its name, and remembers what it was asked."""

    def __init__(self, name):
        self.name = name
        self.asked = []

    async def __call__(self, scope, receive, send):
        self.asked.append((scope["type"], scope.get("path")))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.name.encode()})


def ask(app, kind="http", path="/", said=()):
    sent, waiting = [], list(said)

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(app({"type": kind, "path": path}, receive, send))
    return sent


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/v1", "machines"),
        ("/v1/", "machines"),
        ("/v1/quotes", "machines"),
        ("/", "people"),
        ("/v1x", "people"),
        ("/V1/quotes", "people"),
        ("/shop/v1/quotes", "people"),
    ],
)
def test_the_address_chooses_the_door(path, door):
    app = dispatch(Door("machines"), Door("people"))
    assert ask(app, path=path)[-1]["body"].decode() == door


def test_start_and_stop_are_the_machines_only():
    machines, people = Door("machines"), Door("people")
    ask(dispatch(machines, people), kind="lifespan", path=None)
    assert machines.asked == [("lifespan", None)] and not people.asked


@pytest.mark.parametrize(
    ("machines", "people", "path"), [(None, Door("people"), "/v1/quotes"), (Door("machines"), None, "/")]
)
def test_a_door_that_is_not_here_is_not_found(machines, people, path):
    assert ask(dispatch(machines, people), path=path)[0]["status"] == 404


def test_without_machines_the_server_still_starts_and_stops():
    said = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = ask(dispatch(None, Door("people")), kind="lifespan", path=None, said=said)
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_websocket_is_closed():
    door = Door("people")
    assert ask(dispatch(door, door), kind="websocket", path="/v1/quotes") == [{"type": "websocket.close", "code": 1003}]
    assert not door.asked
