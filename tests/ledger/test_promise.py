"""A promise is kept once and told to everybody, whoever comes first; on a loop those kept together wake it once."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festoon.base.words import same
from festoon.ledger.store.promise import Landing, Promise
from festoon.records.canonical import digest, digest_of
from festoon.records.refusal import Conflict

REFUSED = Conflict("short", same("short"))


def test_who_waits_and_who_comes_late_hear_the_same() -> None:
    promise: Promise[str] = Promise()
    heard: list[str] = []
    promise.add_done_callback(lambda done: heard.append(done.result()))
    keeper = threading.Timer(0.01, promise.keep, ["yes"])
    keeper.start()
    assert promise.result(timeout=10) == "yes"
    promise.add_done_callback(lambda done: heard.append(done.result()))
    assert heard == ["yes", "yes"]


def test_who_waits_in_vain_is_told_so() -> None:
    with pytest.raises(TimeoutError):
        Promise[str]().result(timeout=0)


def test_one_refusal_told_to_many_does_not_gather_their_traces() -> None:
    for _ in range(3):
        promise: Promise[str] = Promise()
        promise.keep(None, REFUSED)
        with pytest.raises(Conflict) as caught:
            promise.result()
    depth, trace = 0, caught.value.__traceback__
    while trace is not None:
        depth, trace = depth + 1, trace.tb_next
    assert depth <= 2


def test_every_callback_is_called_once_however_it_races_with_the_keeping() -> None:
    called: list[int] = []
    promises: list[Promise[int]] = [Promise() for _ in range(500)]
    ready = threading.Barrier(2)

    def keep() -> None:
        ready.wait(10)
        for promise in promises:
            promise.keep(1)

    keeper = threading.Thread(target=keep)
    keeper.start()
    ready.wait(10)
    for number, promise in enumerate(promises):
        promise.add_done_callback(lambda _, number=number: called.append(number))
    keeper.join(10)
    assert sorted(called) == list(range(500))


def test_a_loop_is_woken_once_for_all_that_are_kept_together() -> None:
    async def main() -> tuple[list[int], int]:
        loop = asyncio.get_running_loop()
        landing, woken, call = Landing(loop), [0], loop.call_soon_threadsafe

        def counting(*given: object) -> object:
            woken[0] += 1
            return call(*given)  # type: ignore[arg-type]

        loop.call_soon_threadsafe = counting  # type: ignore[method-assign, assignment]
        promises: list[Promise[int]] = [Promise() for _ in range(32)]
        waiting = [landing.wait(promise) for promise in promises]
        waiting[5].cancel()
        for number, promise in enumerate(promises):
            promise.keep(number)
        heard = await asyncio.gather(*waiting, return_exceptions=True)
        return [each for each in heard if isinstance(each, int)], woken[0]

    heard, woken = asyncio.run(main())
    assert heard == [number for number in range(32) if number != 5]
    assert woken == 1


@given(st.lists(st.text()))
def test_texts_have_one_hash_by_either_way(texts: list[str]) -> None:
    assert digest_of(*texts) == digest(texts)
