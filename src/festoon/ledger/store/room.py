"""How much is free on the accounts of a group: read under their locks, kept up with every movement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from festoon.ledger.store import movement
from festoon.ledger.store.connection import Answer
from festoon.ledger.store.plan import Move

Sums = dict[str, tuple[int, int, int]]


class Room:
    """What is free by account, None without a limit; `locked` are the rows of `movement.LOCK`, waited for when needed."""

    def __init__(self, locked: Answer) -> None:
        self._locked = locked

    @cached_property
    def _free(self) -> dict[str, int | None]:
        return {code: free if limited else None for _, code, limited, free in self._locked()}

    def copy(self) -> Room:
        """The same, to be counted by itself."""
        made = Room(self._locked)
        made._free = dict(self._free)
        return made

    def become(self, other: Room) -> None:
        """Take over what another counted."""
        self._free = other._free

    def lacking(self, moves: Sequence[Move]) -> Move | None:
        """The first of the movements' accounts that has no room for all of them together."""
        short = self.short_of(sums(moves))
        return None if short is None else next(move for move in moves if move.account == short)

    def short_of(self, added: Sums) -> str | None:
        """The first account that has no room for what is added to its counters."""
        for account, (granted, held, spent) in added.items():
            free = self._free.get(account, 0)
            if account not in self._free or (free is not None and held + spent - granted > max(0, free)):
                return account
        return None

    def take(self, moves: Sequence[Move]) -> None:
        """Count the movements."""
        for account, (granted, held, spent) in sums(moves).items():
            free = self._free[account]
            self._free[account] = None if free is None else free + granted - held - spent


def sums(moves: Iterable[Move]) -> Sums:
    """What movements add together to the counters of each account, in the order of their codes."""
    amounts: dict[tuple[str, str], int] = {}
    for move in moves:
        which = (move.account, move.kind)
        amounts[which] = amounts.get(which, 0) + move.amount
    found: Sums = {}
    for (account, kind), amount in sorted(amounts.items()):
        how, (granted, held, spent) = movement.KINDS[kind], found.get(account, (0, 0, 0))
        found[account] = granted + how.granted * amount, held + how.held * amount, spent + how.spent * amount
    return found
