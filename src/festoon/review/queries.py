"""Reading the reviews: what waits for whom, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet

from festoon.catalog.people import acting
from festoon.records.parts import in_parts
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import PLATFORM, Viewer
from festoon.review import levels, refusals
from festoon.review.models import Ceiling, Decision, Delegate, Flow, Letter, LetterWish, Mention, Remark, Review

COSTS = "costs"
WIDE = ("content", "expected", "measures")


def visible(viewer: Viewer) -> QuerySet[Review]:
    """The reviews of things behind the viewer's wall, and of what it submitted itself, newest first."""
    rows = Review.objects.order_by("-opened_at", "-id")
    own = Q(opened_by=viewer.name) if viewer.name.startswith("person:") else Q()
    return rows if viewer.is_platform else rows.filter(Q(merchant_id=viewer.merchant_id) | own)


def readable(viewer: Viewer, now: datetime) -> QuerySet[Review]:
    """Those of them the viewer may read, for a review shows the whole of its thing: all, for whoever sees offers; else what
    it submitted, what it said something on, and what waits for it.
    """
    rows = visible(viewer)
    if viewer.may("offers.read"):
        return rows
    spoken = Decision.objects.filter(by=viewer.name).values("review_id")
    return rows.filter(Q(opened_by=viewer.name) | Q(pk__in=spoken) | waits(viewer, now).where)


def review(viewer: Viewer, number: int, now: datetime) -> Review:
    """One review that the viewer may read; NotFound when it is not there, another's or not for it."""
    found = readable(viewer, now).filter(id=number).first()
    if found is None:
        raise NotFound("review")
    return found


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for somebody: open, at a level where it may speak, itself or in another's place, not its own submission.

    Of reviews that nobody has spoken on it is told by whom they ask and who submitted them; of the others by number.
    """

    count: int
    fresh: Mapping[str, Collection[str]]
    begun: Collection[int]

    @property
    def where(self) -> Q:
        """The filter that leaves these reviews."""
        asked = (Q(asks=asks, opened_by__in=sorted(by)) for asks, by in self.fresh.items())
        return Q(state="open") & reduce(or_, asked, Q(pk__in=self.begun))

    def has(self, review: Review) -> bool:
        """Whether it is one of them."""
        return review.opened_by in self.fresh.get(review.asks, ()) or review.pk in self.begun


def waits(viewer: Viewer, now: datetime) -> Waits:
    """What waits for the viewer. Every page asks how much: it costs little more with thousands of reviews."""
    others = stands_for(viewer, now)
    rows = visible(viewer).order_by().filter(state="open").exclude(opened_by=viewer.name)
    alike = rows.filter(asks__gt="").values_list("asks", "opened_by").annotate(n=Count("*"))
    count, fresh = 0, defaultdict[str, set[str]](set)
    for asks, by, n in alike:
        if levels.listens(asks, viewer, [each for each in others if each.name != by]):
            fresh[asks].add(by)
            count += n
    begun = {each.pk for each in _begun(rows.filter(asks="")) if may_decide(viewer, each, others)}
    return Waits(count + len(begun), fresh, begun)


def waiting(viewer: Viewer, now: datetime) -> int:
    """How many reviews wait for the viewer."""
    return waits(viewer, now).count


def _begun(rows: QuerySet[Review]) -> QuerySet[Review]:
    return rows.defer(*WIDE).prefetch_related(_decided("comment", "marks"))


def _decided(*later: str) -> Prefetch[str]:
    """What was decided on each review, in order; `later` is read when it is asked for."""
    return Prefetch("decisions", Decision.objects.order_by("id").defer(*later))


def may_decide(viewer: Viewer, review: Review, others: Sequence[Viewer]) -> bool:
    """Whether the viewer, or one of the `others` in whose place it acts, may decide on the review now."""
    try:
        refusals.speaker(review, viewer, others)
    except Refusal:
        return False
    return True


def stands_for(viewer: Viewer, now: datetime) -> list[Viewer]:
    """In whose place the viewer may decide now."""
    kind, _, code = viewer.name.partition(":")
    if kind != "person":
        return []
    rows = Delegate.objects.filter(to=code, since__lte=now, until__gt=now).order_by("person")
    return acting(viewer, list(rows.values_list("person", flat=True)))


def deputies(viewer: Viewer, now: datetime) -> QuerySet[Delegate]:
    """Who may decide in whose place now, by those who are stood for; the platform's to ask."""
    rows = Delegate.objects.filter(since__lte=now, until__gt=now).order_by("person")
    return rows if viewer.is_platform else rows.none()


def role_now(review: Review) -> str:
    """A role that decides at the level where the review stands; "" for none."""
    here = next((level for level in review.levels if level["number"] == review.level), None)
    return next(iter(levels.roles(here)), "") if here else ""


def locked(viewer: Viewer, numbers: Sequence[int]) -> list[Review]:
    """The reviews with their decisions, locked until the end of the transaction, in one order for everybody."""
    rows = visible(viewer).select_for_update().prefetch_related(_decided()).order_by("id")
    return [review for part in in_parts(sorted(numbers)) for review in rows.filter(id__in=part)]


def latest(viewer: Viewer, kind: str, subject: str) -> Review | None:
    """The last review of one subject."""
    return latest_of(viewer, kind, [subject]).get(subject)


def latest_of(viewer: Viewer, kind: str, subjects: Sequence[str]) -> dict[str, Review]:
    """The last review of each of the subjects that ever had one."""
    rows = visible(viewer).filter(subject_kind=kind).prefetch_related(_decided()).order_by("id")
    return {review.subject: review for part in in_parts(subjects) for review in rows.filter(subject__in=part)}


def meant(viewer: Viewer, kind: str, subjects: Sequence[str], read: Collection[int] | None) -> dict[str, Review]:
    """The reviews a decision is about, by subject: those whose numbers its maker `read`; None: the last of each."""
    if read is None:
        return latest_of(viewer, kind, subjects)
    numbers, asked = list(read), set(subjects)
    rows = visible(viewer).filter(subject_kind=kind)
    found = (review for part in in_parts(numbers) for review in rows.filter(id__in=part))
    return {review.subject: review for review in found if review.subject in asked}


def history(viewer: Viewer, kind: str, subject: str) -> QuerySet[Review]:
    """All reviews of one subject with their decisions, newest first."""
    return visible(viewer).filter(subject_kind=kind, subject=subject).prefetch_related(_decided())


def came_back(viewer: Viewer, since: datetime) -> QuerySet[Review]:
    """What was sent back or rejected since then and has not been submitted again, the latest first."""
    newer = Review.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject=OuterRef("subject"), id__gt=OuterRef("id")
    )
    rows = visible(viewer).filter(state__in=("sent_back", "rejected"), closed_at__gte=since)
    return rows.filter(~Exists(newer)).order_by("-closed_at", "-id")


def under_way(viewer: Viewer) -> QuerySet[Review]:
    """What the viewer submitted and others have not decided yet."""
    return visible(viewer).filter(state="open", opened_by=viewer.name)


def overdue(viewer: Viewer, now: datetime) -> QuerySet[Review]:
    """Open reviews whose level is due and nobody was reminded of, the longest due first."""
    return visible(viewer).filter(state="open", due_at__lte=now, reminded_at=None).order_by("due_at", "id")


def uncalled(viewer: Viewer) -> QuerySet[Review]:
    """Open reviews of which nobody was written to at the level where they stand."""
    return undecided(viewer).filter(called_at=None).order_by("id")


def nearly_due(viewer: Viewer, now: datetime) -> QuerySet[Review]:
    """Open reviews whose parties are to be told again that little time is left."""
    return undecided(viewer).filter(near_at__lte=now).order_by("id")


def undecided(viewer: Viewer) -> QuerySet[Review]:
    """Open reviews with what was decided on them, without what is wide."""
    return visible(viewer).filter(state="open").prefetch_related("decisions").defer(*WIDE)


def is_asked(viewer: Viewer, review: Review, others: Sequence[Viewer]) -> bool:
    """Whether a review waits for the viewer, behind its wall."""
    return (viewer.is_platform or viewer.merchant_id == review.merchant_id) and may_decide(viewer, review, others)


def letters(viewer: Viewer) -> QuerySet[Letter]:
    """The letters of all, with their reviews, the longest due first; the platform's alone to ask for."""
    rows = Letter.objects.select_related("review").prefetch_related("review__decisions").order_by("due_at", "id")
    return rows if viewer.is_platform else rows.none()


def stuck_letters(viewer: Viewer, since: datetime) -> QuerySet[Letter, Any]:
    """What kept letters from leaving since then, the latest first: for each person, state and error `n` letters, and
    when (`at`) they were given up or are tried again. The platform's alone.
    """
    rows = Letter.objects.filter(error__gt="", state__in=("waiting", "taken", "failed"), due_at__gte=since)
    found = rows.values("person", "state", "error").annotate(n=Count("*"), at=Max("due_at")).order_by("-at", "person")
    return found if viewer.is_platform else found.none()


def letter_wish(viewer: Viewer, person: str) -> LetterWish:
    """What somebody said about letters to them, or what holds where they said nothing; NotFound of others'."""
    if not viewer.is_platform and viewer.name != f"person:{person}":
        raise NotFound("person")
    return LetterWish.objects.filter(person=person).first() or LetterWish(person=person)


def wants_none(viewer: Viewer) -> set[str]:
    """Who said that they want no letters; the platform's to ask for."""
    rows = LetterWish.objects.filter(wanted=False) if viewer.is_platform else LetterWish.objects.none()
    return set(rows.values_list("person", flat=True))


def flows(viewer: Viewer, kinds: Collection[str]) -> QuerySet[Flow]:
    """The platform's flows of some kinds in the order they are tried."""
    viewer.require("catalog.read")
    rows = Flow.objects.filter(merchant_id=PLATFORM, subject_kind__in=list(kinds))
    return rows.order_by("subject_kind", "number")


def own_flows(viewer: Viewer, kinds: Collection[str]) -> QuerySet[Flow]:
    """What merchants ask of their own people first: the viewer's own, all for the platform, in the order they are tried."""
    viewer.require("catalog.read")
    rows = Flow.objects.filter(subject_kind__in=list(kinds)).exclude(merchant_id=PLATFORM)
    mine = rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)
    return mine.order_by("merchant_id", "subject_kind", "number")


def flow(viewer: Viewer, kind: str, number: int = 1) -> Flow | None:
    """One flow of the platform, to be changed."""
    viewer.require("review.configure")
    return flows(viewer, [kind]).filter(number=number).first()


def ceilings(viewer: Viewer, roles: Collection[str] | None = None) -> QuerySet[Ceiling]:
    """The ceilings of some roles, of all when None."""
    viewer.require("catalog.read")
    rows = Ceiling.objects.order_by("role", "measure")
    return rows if roles is None else rows.filter(role__in=list(roles))


def delegations(viewer: Viewer) -> QuerySet[Delegate]:
    """The delegations the viewer may end: its own; all for whoever of the platform configures reviews."""
    rows = Delegate.objects.order_by("-until", "person", "id")
    everybody = viewer.is_platform and viewer.may("review.configure")
    return rows if everybody else rows.filter(person=viewer.name.partition(":")[2])


def remarks(viewer: Viewer, kind: str, subject: str) -> QuerySet[Remark]:
    """What was said about one thing, newest first."""
    rows = Remark.objects.filter(subject_kind=kind, subject=subject).order_by("-at", "-id")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def mentions(viewer: Viewer) -> QuerySet[Mention]:
    """Remarks that name the viewer and that it has not seen, newest first."""
    code = viewer.name.partition(":")[2]
    rows = Mention.objects.filter(person=code, seen_at=None).select_related("remark").order_by("-remark__at", "-id")
    return rows if viewer.is_platform else rows.filter(remark__merchant_id=viewer.merchant_id)


def expected(viewer: Viewer, review: Review) -> dict[str, Any]:
    """The worked example as this viewer may see it: costs and profit with the right `costs.read`, or that of its kind."""
    return costed(viewer, review.subject_kind, review.expected)  # type: ignore[no-any-return]


def costed(viewer: Viewer, kind: str, shown: Any) -> Any:
    """What was worked out for a thing of a kind, without costs and profit for whom they are not."""
    return shown if sees_costs(viewer, kind) else _without_costs(shown)


def sees_costs(viewer: Viewer, kind: str) -> bool:
    """Whether cost and profit of things of a kind are for the viewer."""
    return viewer.may("costs.read") or viewer.may(f"costs.read:{kind}")


def _without_costs(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_costs(each) for name, each in value.items() if name != COSTS}
    return [_without_costs(each) for each in value] if isinstance(value, list) else value
