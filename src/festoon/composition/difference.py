"""What a paper would change: the difference a reviewer reads before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.composition.paper import FIELDS, FORM, paper
from festoon.records.refusal import Invalid, NotFound
from festoon.records.viewer import Viewer

NOT_A_PAPER = Words(en="This is no campaign paper: `festoon: 1` and a campaign are missing.", zh="不是活动文件。")
UNKNOWN_PART = Words(en="A paper has no such part.", zh="文件中没有这个部分。")
NO_CODE = Words(en="Everything in a paper has a code, and only one thing has it.", zh="每一项须有唯一编码。")
CODED = ("offers", "distributions")


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


def check(written: Mapping[str, Any]) -> None:
    """Raise Invalid unless this is a paper whose things can be told apart."""
    theme = written.get("campaign")
    if written.get("festoon") != FORM or not isinstance(theme, Mapping) or not isinstance(theme.get("code"), str):
        raise Invalid("not_a_paper", NOT_A_PAPER, field="festoon")
    if unknown := sorted(set(written) - set(FIELDS)):
        raise Invalid("unknown_field", UNKNOWN_PART, field=unknown[0])
    for part in CODED:
        codes = [each.get("code") if isinstance(each, Mapping) else None for each in written.get(part, ())]
        for at, code in enumerate(codes):
            if not isinstance(code, str) or codes.index(code) < at:
                raise Invalid("bad_code", NO_CODE, field=f"{part}[{at}].code")
    for at, each in enumerate(written.get("exclusions", ())):
        between = each.get("between") if isinstance(each, Mapping) else None
        if not isinstance(between, Sequence) or len(set(between)) != 2:
            raise Invalid("bad_pair", NO_CODE, field=f"exclusions[{at}].between")


def _there(viewer: Viewer, code: str) -> dict[str, Any]:
    try:
        return paper(viewer, campaigns.campaign(viewer, code))
    except NotFound:
        return {}


def _fields(part: str, before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[Change]:
    """The fields of one thing that differ, down to where both are more than a name for a value."""
    code = str(after.get("code") or before.get("code") or "") if not path else ""
    for name in sorted(after.keys() | before.keys()) if before else sorted(after):
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
