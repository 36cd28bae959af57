"""The book: every live release, indexed by scope value, so that a cart costs what meets it and not what exists."""

from __future__ import annotations

from typing import Final

from festoon.base.windows import Window
from festoon.base.words import Words
from festoon.engine.facts import LINE, MANY, SINGLE, Facts
from festoon.engine.offer import Offer, span

NOBODY: Final[list[int]] = []
Index = list[tuple[int, dict[str, list[int]]]]


class Relation:
    """Two offers that may not serve one order (or one line, `line=True`) together. `a` and `b` are ranks, `a` the lower."""

    __slots__ = ("a", "b", "closes", "code", "line", "lock", "opens", "reason", "window")

    def __init__(self, code: str, a: int, b: int, line: bool, window: Window, lock: bool, reason: Words) -> None:
        self.code, self.a, self.b, self.line = code, a, b, line
        self.window, self.lock, self.reason = window, lock, reason
        self.opens, self.closes = span(window)


class Book:
    """Live offers in the order they apply, with the exclusions between them.

    `conflict` is best_total, priority or best_per_line; `objective` best or priority. `version` is the hash of the
    released set; `bills_shared` says that some offer has several payers, `tying` that some could be left out for others;
    `stepping`, `excluding`, `insisting` and `paying` that some step aside, are exclusive, are `always` in, are balances.
    """

    def __init__(
        self,
        offers: list[Offer],
        relations: list[Relation],
        version: str,
        currency: str,
        zone: str,
        conflict: str = "best_total",
        objective: str = "best",
    ) -> None:
        self.offers, self.relations, self.version = offers, relations, version
        self.currency, self.zone, self.conflict, self.objective = currency, zone, conflict, objective
        for offer in offers:
            offer.seal()
        self.floored = any([offer.floors is not None for offer in offers])
        self.stepping = any([offer.steps_aside for offer in offers])
        self.excluding = any([offer.exclusive for offer in offers])
        self.tying = bool(relations) or self.excluding or self.stepping
        self.insisting = any([offer.always for offer in offers])
        self.paying = any([offer.balance for offer in offers])
        self.bills_shared = any([len(offer.payers) > 1 for offer in offers])
        self.ranks = {offer.code: offer.rank for offer in offers}
        self.partners: dict[int, list[Relation]] = {}
        self.pairs: dict[int, list[Relation]] = {}
        for relation in relations:
            self.partners.setdefault(relation.a, []).append(relation)
            self.partners.setdefault(relation.b, []).append(relation)
            self.pairs.setdefault(relation.a, []).append(relation)
        self.everywhere = [o.rank for o in offers if o.scope.key() is None]
        self.by_eye = [o.rank for o in offers if o.staff_may_confirm]
        self.rest = {o.rank for o in offers if not o.scope.plain()}
        scopes = [o.scope for o in offers]
        self.lines = [v[LINE] for scope in scopes for v in (scope.within, scope.exceptions) if LINE in v]
        self.single = self._index(SINGLE)
        self.many = self._index(MANY)

    def _index(self, attributes: tuple[str, ...]) -> Index:
        tables: list[dict[str, list[int]]] = [{} for _ in attributes]
        for offer in self.offers:
            key = offer.scope.key()
            if key in attributes:
                table = tables[attributes.index(key)]
                for value in offer.scope.within[key]:
                    table.setdefault(value, []).append(offer.rank)
        return [(i, table) for i, table in enumerate(tables) if table]

    def meet(self, facts: Facts) -> dict[int, list[int]]:
        """The offers whose scope meets the cart: rank → the rows it is about, both in rising order of rows."""
        found: dict[int, list[int]] = {}
        for a, table in self.single:
            for i, value in enumerate(facts.single[a]):
                if value in table:
                    for rank in table[value]:
                        if rank in found:
                            found[rank].append(i)
                        else:
                            found[rank] = [i]
        for a, table in self.many:
            for i, value in facts.many[a]:
                if value in table:
                    for rank in table[value]:
                        if rank not in found:
                            found[rank] = [i]
                        elif found[rank][-1] != i:
                            found[rank].append(i)
        if self.everywhere:
            for rank in self.everywhere:
                found[rank] = list(range(len(facts.rows)))
        if self.rest:
            self._sift(found, facts)
        if facts.only_sum:
            self._suppose(found, facts)
        return found

    def _sift(self, found: dict[int, list[int]], facts: Facts) -> None:
        for rank in [r for r in found if r in self.rest]:
            scope = self.offers[rank].scope
            rows = [i for i in found[rank] if scope.holds(facts.rows[i])]
            if rows:
                found[rank] = rows
            else:
                del found[rank]

    def _suppose(self, found: dict[int, list[int]], facts: Facts) -> None:
        """Coupons on goods, where nobody entered any: those that are held, and those that staff may confirm."""
        held = [self.ranks[one.offer] for one in facts.wallet if one.offer in self.ranks]
        for rank in [*self.by_eye, *held]:
            if rank not in found and self.offers[rank].scope.may_hold(facts.rows[0]):
                found[rank] = [0]

    def needs(self, facts: Facts) -> set[str]:
        """The buyer's facts that the offers in reach look at: loaded once per quote, and nothing else."""
        needed: set[str] = set()
        for rank in self.meet(facts):
            needed |= self.offers[rank].needs
        return needed
