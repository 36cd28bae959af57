"""A key in use is looked up again beside the requests, before it is too old to be believed: none of them waits."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from festoon.api import gate
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer

HEADER = "Bearer fst_" + "a" * 40
SHOP = Viewer("key:shop", 1, frozenset())


@pytest.fixture
def looks(monkeypatch):
    """What the database says of the key, look by look; a look waits until it is let go on."""
    state: dict[str, Any] = {"said": [], "go": threading.Event()}

    def look(_digest: str) -> Viewer | None:
        assert state["go"].wait(5)
        answer: Any = state["answer"]
        state["said"].append(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    monkeypatch.setattr(gate, "_look_up", look)
    monkeypatch.setattr(gate, "LOOKED_AGAIN", 0.0)
    gate.forget()
    yield state
    gate.forget()


async def _first(state) -> None:
    state["answer"] = SHOP
    state["go"].set()
    assert await gate.viewer_of(HEADER) == SHOP
    state["go"].clear()


async def _let_go(state) -> None:
    (task,) = gate._looking.values()
    state["go"].set()
    await task


def test_nobody_waits_and_one_looks(looks):
    async def run() -> None:
        await _first(looks)
        for _ in range(3):
            assert await asyncio.wait_for(gate.viewer_of(HEADER), 1) == SHOP
        await _let_go(looks)

    asyncio.run(run())
    assert looks["said"] == [SHOP, SHOP] and not gate._looking


def test_a_key_found_revoked_opens_nothing_any_more(looks):
    async def run() -> None:
        await _first(looks)
        looks["answer"] = None
        assert await gate.viewer_of(HEADER) == SHOP
        await _let_go(looks)
        with pytest.raises(Refusal) as refused:
            await gate.viewer_of(HEADER)
        assert refused.value.status == 401

    asyncio.run(run())


def test_a_look_that_fails_changes_nothing_until_the_time_is_over(looks, monkeypatch):
    async def run() -> None:
        await _first(looks)
        looks["answer"] = OSError("the database is gone")
        assert await gate.viewer_of(HEADER) == SHOP
        await _let_go(looks)
        assert await gate.viewer_of(HEADER) == SHOP
        await _let_go(looks)
        monkeypatch.setattr(gate, "REMEMBERED", 0.0)
        with pytest.raises(OSError, match="gone"):
            await gate.viewer_of(HEADER)

    asyncio.run(run())
