"""Which handler does which kind of job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from festoon.records.jobs import Handler

KINDS = {
    "audit": "festoon.checkout.auditing:Audit",
    "issue": "festoon.coupons.jobs:BulkIssue",
    "void": "festoon.coupons.recalling:VoidCoupons",
    "codes": "festoon.coupons.pools:MakeCodes",
    "thin": "festoon.analytics.lake.thin:Thin",
    "year": "festoon.demo.year.job:Year",
}
"""Kind of job → where its handler is: module:name. It is made when the first job of its kind is done."""


class Handlers(Mapping[str, Handler]):
    """One handler for each kind of job this installation knows."""

    def __init__(self, places: Mapping[str, str] = KINDS) -> None:
        self._places = places
        self._made: dict[str, Handler] = {}

    def __getitem__(self, kind: str) -> Handler:
        if kind not in self._made:
            module, _, name = self._places[kind].partition(":")
            self._made[kind] = getattr(import_module(module), name)()
        return self._made[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
