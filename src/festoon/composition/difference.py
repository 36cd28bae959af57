"""What a paper would change: the difference a reviewer reads before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.campaigns import queries as campaigns
from festoon.composition.paper import paper
from festoon.composition.shape import CODED, check
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one thing: what it was and what it becomes; None where it is not there."""

    part: str
    code: str
    path: str
    before: Any
    after: Any


def changes(viewer: Viewer, written: Mapping[str, Any]) -> list[Change]:
    """Every field that the paper sets otherwise than it is, part by part; nothing when it says what is there.

    What is there and not in the paper stays as it is. Raises Invalid naming the part that cannot be read.
    """
    check(written)
    there = _there(viewer, str(written["campaign"]["code"]))
    found = list(_fields("campaign", there.get("campaign", {}), written["campaign"]))
    found += [
        Change(part, "", part, there.get(part), written[part])
        for part in ("goals", "budget")
        if part in written and _plain(there.get(part, [])) != _plain(written[part])
    ]
    for part in CODED:
        known = {each["code"]: each for each in there.get(part, ())}
        for each in written.get(part, ()):
            found += _fields(part, known.get(each["code"], {}), each)
    pairs = {_pair(each) for each in there.get("exclusions", ())}
    for each in written.get("exclusions", ()):
        if _pair(each) not in pairs:
            found.append(Change("exclusions", " × ".join(sorted(each["between"])), "grain", None, each.get("grain")))
    return found


def _there(viewer: Viewer, code: str) -> dict[str, Any]:
    try:
        return paper(viewer, campaigns.campaign(viewer, code))
    except NotFound:
        return {}


def _fields(part: str, before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[Change]:
    """The fields of one thing that differ, down to where both are more than a name for a value."""
    code = str(after.get("code") or before.get("code") or "") if not path else ""
    for name in sorted(after.keys() | before.keys() if before else after, key=str):
        was, now = before.get(name), after.get(name)
        if _plain(was) == _plain(now) or (name not in after and was in (None, "", [])):
            continue
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            for inner in _fields(part, was, now, f"{path}{name}."):
                yield Change(part, code or inner.code, inner.path, inner.before, inner.after)
        else:
            yield Change(part, code, f"{path}{name}", was, now)


def _pair(exclusion: Mapping[str, Any]) -> tuple[frozenset[str], str]:
    return frozenset(exclusion["between"]), str(exclusion.get("grain") or "order")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
