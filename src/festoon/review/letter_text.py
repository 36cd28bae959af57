"""What a letter says: what waits, at which level, until when, and where to decide on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from festoon.base.words import Words
from festoon.catalog.models import Person
from festoon.records.names import name_of
from festoon.records.viewer import Viewer
from festoon.records.zones import zone_name
from festoon.review.models import Letter, Review

SHOWN, LONG = 20, 80
"""So many things are named in one letter, so many signs of a name: the rest is in the inbox."""
WAITS = Words(en="Waits for your review: {what}", zh="待您审核：{what}")
NEAR = Words(en="Nearly due, waits for your review: {what}", zh="即将到期，待您审核：{what}")
SUBJECTS = {"asked": WAITS, "due": NEAR}
MORE = Words(en="{what} and {n} more", zh="{what}等 {count} 项")
HELLO = Words(en="Hello {name},", zh="{name}，您好：")
OPENS = {
    "asked": Words(en="this waits for you to decide on it.", zh="以下内容待您审核。"),
    "due": Words(en="this still waits for you, and its time is nearly over.", zh="以下内容仍待您审核，时限将至。"),
}
LEVEL, UNTIL = Words(en="level “{level}”", zh="“{level}”级"), Words(en=", until {at}, {zone}", zh="，截止 {at}，{zone}")
REST = Words(en="… and {n} more.", zh="……另有 {n} 项。")
END = Words(
    en="Everything that waits for you: {inbox}\nNo more of these letters, or another language: {account}",
    zh="全部待办：{inbox}\n不再接收此类邮件或更换语言：{account}",
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """How a browser reaches the page of a review (by its number), the inbox, and one's own account; and what the things
    under review are called there, to somebody, by the number of the review.
    """

    review: Callable[[int], str]
    inbox: str
    account: str
    names: Callable[[Viewer, Sequence[Review]], Mapping[int, Words]]


def text(
    person: Person, reader: Viewer, letters: Sequence[Letter], language: str, addresses: Addresses
) -> tuple[str, str]:
    """Subject and body for this person, who reads as `reader`, about at least one letter of one kind.

    No language is both, under each other.
    """
    languages = [language] if language else ["en", "zh-hans"]
    names = addresses.names(reader, [letter.review for letter in letters[:SHOWN]])
    told = [_in(each, person, letters, names, addresses) for each in languages]
    return " · ".join(subject for subject, _ in told), "\n\n—\n\n".join(body for _, body in told) + "\n"


def _in(
    language: str, person: Person, letters: Sequence[Letter], names: Mapping[int, Words], addresses: Addresses
) -> tuple[str, str]:
    def said(words: Words, **given: object) -> str:
        return words.in_(language).format(**given)

    kind, first = letters[0].kind, _named(letters[0].review, names, language)
    rest = len(letters) - 1
    what = said(MORE, what=first, n=rest, count=len(letters)) if rest else first
    zone = ZoneInfo(person.merchant.zone)
    lines = [said(HELLO, name=_plain(name_of(person).in_(language))), said(OPENS[kind]), ""]
    for letter in letters[:SHOWN]:
        review = letter.review
        level = said(LEVEL, level=_plain(Words(**review.levels[review.level - 1]["name"]).in_(language)))
        until = said(UNTIL, **_moment(review, zone, language)) if review.due_at else ""
        lines += [f"{_named(review, names, language)} · {level}{until}", addresses.review(review.pk), ""]
    if len(letters) > SHOWN:
        lines += [said(REST, n=len(letters) - SHOWN), ""]
    return said(SUBJECTS[kind], what=what), "\n".join(
        [*lines, said(END, inbox=addresses.inbox, account=addresses.account)]
    )


def _named(review: Review, names: Mapping[int, Words], language: str) -> str:
    """What people call the thing; its code where it has no name."""
    return _plain(names[review.pk].in_(language)) or review.subject


def _plain(name: str) -> str:
    """On one line, and no longer than a name: what somebody else wrote does not begin a line of ours."""
    line = " ".join(name.split())
    return line if len(line) <= LONG else f"{line[: LONG - 1]}…"


def _moment(review: Review, zone: ZoneInfo, language: str) -> dict[str, str]:
    """When it is due, and by which clock."""
    pattern, locale = ("M月d日 HH:mm", "zh_Hans") if language.startswith("zh") else ("MMM d, HH:mm", "en")
    assert review.due_at is not None
    at = format_datetime(review.due_at, pattern, tzinfo=zone, locale=locale)
    return {"at": at, "zone": zone_name(zone.key, locale)}
