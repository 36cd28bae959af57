"""Who asks: the first argument of every query and the `by` of every action."""

from __future__ import annotations

from dataclasses import dataclass

from festoon.records.refusal import Forbidden

PLATFORM = 1


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, a machine's key or a job, with its merchant and its rights.

    `name` is what the audit keeps (`person:lin`, `key:demo-app`, `job:17`); `merchant_id` is the wall it stands
    behind (1, the platform, sees all); `rights` are verbs such as `offers.edit`, `review.decide:finance`,
    `quotes.write`; `*` is every right.
    """

    name: str
    merchant_id: int
    rights: frozenset[str]
    channel: str = ""
    store: str = ""
    roles: frozenset[str] = frozenset()

    @property
    def is_platform(self) -> bool:
        """Whether it sees every merchant's things."""
        return self.merchant_id == PLATFORM

    def may(self, right: str) -> bool:
        """Whether it holds the right."""
        return "*" in self.rights or right in self.rights

    def require(self, right: str) -> None:
        """Raise Forbidden, naming the right, unless held."""
        if not self.may(right):
            raise Forbidden(right)


SYSTEM = Viewer(name="system", merchant_id=PLATFORM, rights=frozenset({"*"}))
