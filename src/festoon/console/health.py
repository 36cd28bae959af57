"""Whether everything that must always be true is true, and where each machine of the house stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from festoon.analytics.lake import queries as lake
from festoon.base.words import Words
from festoon.checkout.invariants import every
from festoon.console import queries
from festoon.offers import queries as offers
from festoon.offers.burns import queries as burns
from festoon.offers.models import BurnAlarm
from festoon.records import queries as records
from festoon.records.models import Checked
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries as reviews
from festoon.review import readers
from festoon.rulebook.words import counted
from festoon.webhooks import queries as webhooks

LATELY, SHOWN = timedelta(days=7), 10
ANSWERS = 100
"""So many different answers of mail servers are looked through; most tell the same of another letter."""
HINDERED = {
    "waiting": ("warn", Words("tried again later", "稍后重试")),
    "taken": ("note", Words("perhaps arrived: the mail server did not say", "可能已送达：邮件服务器未答复")),
    "failed": ("bad", Words("given up", "已放弃发送")),
}
"""What became of letters that something kept from leaving, by their state."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something one may want to know of the house."""

    words: Words
    value: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be true, and when it was last checked, over how many cases; None: not yet."""

    code: str
    words: Words
    last: Checked | None

    @property
    def problems(self) -> Sequence[str]:
        """What was wrong the last time."""
        return self.last.problems if self.last else ()


@dataclass(frozen=True, slots=True)
class Sum:
    """How all invariants stand; `at` is the oldest of the last checks."""

    tone: str
    icon: str
    words: Words
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """Letters to one person that something kept from leaving, and what it was."""

    person: str
    tone: str
    words: Words
    error: str


def facts(viewer: Viewer) -> Sequence[Fact]:
    """How far the house has come."""
    live = offers.live(viewer).order_by()
    last = records.outbox(viewer).order_by("-id").values_list("id", flat=True).first() or 0
    return [
        Fact(Words("Latest release", "最近一次发布"), at=live.aggregate(latest=Max("since"))["latest"]),
        Fact(Words("Offers and rules in force", "生效中的优惠与规则"), live.count()),
        Fact(Words("Stops in force", "生效中的停用"), queries.stops_shown(viewer).count()),
        Fact(Words("Audit entries", "审计记录"), records.visible(viewer).count()),
        Fact(
            Words("Batches of events not yet in the reports", "尚未进入报表的事件批次"),
            max(0, last - lake.position(SYSTEM)),
        ),
        Fact(
            Words("Batches of events not yet handed on to webhooks", "尚未交给事件推送的事件批次"),
            max(0, last - (webhooks.position(SYSTEM) or 0)),
        ),
    ]


def jobs(viewer: Viewer) -> Sequence[Any]:
    """The last jobs."""
    return list(records.jobs(viewer)[:10])


def checks(viewer: Viewer) -> Sequence[Check]:
    """Every invariant with its last check; they look at everybody's rows, so only the platform sees them."""
    viewer.require("data.read")
    if not viewer.is_platform:
        return ()
    last = records.last_checked(viewer)
    return [Check(invariant.code, invariant.words, last.get(invariant.code)) for invariant in every()]


def summed(found: Sequence[Check]) -> Sum:
    """All invariants in one line."""
    looked = [check.last for check in found if check.last]
    broken, at = sum(bool(check.problems) for check in found), min((each.at for each in looked), default=None)
    if broken:
        return Sum(
            "bad",
            "alert_triangle",
            Words(f"{broken} of {len(found)} are broken", f"{len(found)} 项中有 {broken} 项异常"),
            at,
        )
    if len(looked) < len(found):
        told = Words(f"{len(looked)} of {len(found)} checked so far", f"已核查 {len(looked)} / {len(found)} 项")
        return Sum("quiet", "hourglass", told, at)
    return Sum("good", "shield_check", Words(f"All {len(found)} hold", f"{len(found)} 项全部成立"), at)


def stuck(viewer: Viewer, *, now: datetime) -> Sequence[Stuck]:
    """What kept letters about reviews from leaving lately; the platform's to see.

    Of what a mail server said only what kind of no it was: the rest names addresses, and differs from letter to letter.
    """
    found: Counter[tuple[str, str, str]] = Counter()
    for each in reviews.stuck_letters(viewer, now - LATELY)[:ANSWERS]:
        found[each["person"], each["state"], _no(each["error"])] += each["n"]
    return [
        Stuck(person, tone, Words(f"{counted(n, 'letter', 'letters')}, ", f"{n} 封邮件，") + words, no)
        for (person, state, no), n in list(found.items())[:SHOWN]
        for tone, words in (HINDERED[state],)
    ]


def _no(error: str) -> str:
    """The kind of an error, and the code of a mail server's answer."""
    kind, _, said = error.partition(":")
    code = re.search(r"\b[45]\d\d\b", said) if kind.startswith("SMTP") else None
    return f"{kind} {code.group()}" if code else kind


def unheard(viewer: Viewer, *, now: datetime) -> tuple[Sequence[tuple[readers.Unheard, Words]], int]:
    """Reviews that would wait for ever, for nobody who is there may decide on them, each with what it is about; and how
    many more such groups there are. The platform's to see.
    """
    found = readers.unheard(viewer, now)
    shown = found[:SHOWN]
    rows = reviews.visible(viewer).filter(pk__in=[each.review.pk for each in shown]).defer("expected", "measures")
    names = queries.subject_names(viewer, rows) if shown else {}
    return [(each, names[each.review.pk]) for each in shown], len(found) - len(shown)


def alarms(viewer: Viewer) -> Sequence[BurnAlarm]:
    """What a rule stopped and nobody has seen yet."""
    return list(burns.alarms(viewer).filter(seen_by="")[:20])
