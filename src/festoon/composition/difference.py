"""What a paper would change: the difference a reviewer reads before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.campaigns import queries as campaigns
from festoon.composition import as_kept
from festoon.composition.paper import distribution_form, offer_form, paper
from festoon.composition.shape import CODED, check
from festoon.distribution import queries as spread
from festoon.offers import queries as offers
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


def changes(viewer: Viewer, written: Mapping[str, Any], *, now: datetime) -> list[Change]:
    """Every field that the paper sets otherwise than it is, part by part; nothing when it says what is there.

    What is there and not in the paper stays as it is; a field it leaves out is compared with what would be filled in. An
    offer or distribution that another campaign has is told as it is there. Raises Invalid naming the part that cannot be
    read.
    """
    check(written)
    code = str(written["campaign"]["code"])
    there = _there(viewer, code)
    theme = there.get("campaign", {})
    found = list(
        _fields("campaign", theme, as_kept.theme(theme, written["campaign"]) if theme else written["campaign"])
    )
    dated = any(change.path in ("starts_at", "ends_at", "zone") for change in found)
    parts = as_kept.Parts(viewer, code, now)
    found += [
        Change(part, "", part, there.get(part), written[part])
        for part in ("goals", "budget")
        if part in written and _plain(there.get(part, [])) != _plain(written[part])
    ]
    for part in CODED:
        known = {each["code"]: each for each in there.get(part, ())}
        known |= _elsewhere(viewer, part, {each["code"] for each in written.get(part, ())} - set(known))
        for each in written.get(part, ()):
            before = known.get(each["code"], {})
            if before and dated and not each.get("window"):  # it takes the campaign's dates, which are not there yet
                found += _fields(part, before, {**each, "campaign": code})
            else:
                found += _fields(part, before, parts.part(part, before, each) if before else each)
    pairs = {_pair(each): each for each in there.get("exclusions", ())}
    for each in written.get("exclusions", ()):
        found += _said(pairs.get(_pair(each)), as_kept.exclusion(each))
    return found


def _there(viewer: Viewer, code: str) -> dict[str, Any]:
    try:
        return paper(viewer, campaigns.campaign(viewer, code))
    except NotFound:
        return {}


def _elsewhere(viewer: Viewer, part: str, codes: Collection[str]) -> dict[str, Any]:
    """Those of these codes that the viewer's own things of another campaign, or of none, have."""
    if part == "distributions":
        return {each.code: distribution_form(each) for each in spread.own(viewer).filter(code__in=codes)}
    return {each.code: offer_form(viewer, each) for each in offers.own(viewer).filter(code__in=codes)}


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


def _said(before: Mapping[str, Any] | None, exclusion: Mapping[str, Any]) -> Iterator[Change]:
    """What is said of two offers otherwise than it is; what of it is left out stays."""
    code = " × ".join(sorted(exclusion["between"]))
    if before is None:
        yield Change("exclusions", code, "grain", None, exclusion.get("grain"))
        return
    for name in exclusion.keys() & {"reason", "window"}:
        if _plain(before.get(name)) != _plain(exclusion[name]):
            yield Change("exclusions", code, name, before.get(name), exclusion[name])


def _pair(exclusion: Mapping[str, Any]) -> tuple[frozenset[str], str]:
    return frozenset(exclusion["between"]), str(exclusion.get("grain") or "order")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
