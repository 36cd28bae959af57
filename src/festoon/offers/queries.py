"""Reading offers, their releases and what is in the book. Each function takes the viewer first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Coalesce

from festoon.campaigns import queries as campaigns
from festoon.catalog.models import PLATFORM
from festoon.offers.models import Caution, Exclusion, Live, Offer, Release, Stop
from festoon.offers.walls import queries as walls
from festoon.records import queries as records
from festoon.records.among import AmongKeys
from festoon.records.parts import in_parts
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer

OUT = ("released", "in_review")


def visible(viewer: Viewer, among: Iterable[str] | None = None) -> QuerySet[Offer]:
    """The offers behind the viewer's wall: of others, a merchant sees only the platform's live ones on its own goods.

    How others' offers are shown is the business of `released.as_seen`: never by what is being edited of them.
    `among`: of these codes alone, so that no database is told of thousands of others.
    """
    rows = Offer.objects.order_by("code")
    return _walled(viewer, rows) if among is None else _walled(viewer, rows.filter(code__in=set(among)), few=True)


def these(viewer: Viewer, numbers: Iterable[int]) -> QuerySet[Offer]:
    """The few of these numbers that are behind the viewer's wall."""
    return _walled(viewer, Offer.objects.order_by("code").filter(pk__in=list(numbers)), few=True)


def _walled(viewer: Viewer, rows: QuerySet[Offer], *, few: bool = False) -> QuerySet[Offer]:
    """Those of the rows that the viewer sees; of a `few`, the keys they have are asked for first."""
    if viewer.is_platform:
        return rows
    seen = walls.sights_of(viewer, rows) if few else walls.sights(viewer)
    # Said as what is not so: of an OR SQLite would look up each part and sort what both found.
    return rows.exclude(~Q(merchant_id=viewer.merchant_id) & ~_let_through(seen))


def _let_through(seen: Collection[str], offer: str = "") -> Q:
    """The platform's live offers that have one of the keys a merchant sees: few keys, however many offers.

    `offer` leads from a row to its offer. A row without a release has no key either; that it must be in the book is
    asked even so, in a form that keeps SQLite off the indexes of the counts: a server of before knows no keys.
    """
    key = f"{offer}sight"
    named = Q(AmongKeys(key, seen)) if len(seen) > walls.FEW else Q(**{f"{key}__in": seen})
    return Q(**{f"{offer}merchant_id": PLATFORM, f"{offer}out__in": [True]}) & named


def live_releases(viewer: Viewer, kind: str, among: Sequence[str] | None = None) -> QuerySet[Release]:
    """The releases of one kind (`offer`, `distribution`, `exclusion`) that are in the book now; `among`: of these codes.

    An offer of a campaign that is not approved is not: it waits for the campaign.
    """
    rows = Release.objects.filter(kind=kind, live__isnull=False).order_by("code")
    rows = rows if among is None else rows.filter(code__in=among)
    if kind == "offer" and (waiting := campaigns.unapproved(SYSTEM)):
        theme = Coalesce(KT("data__campaign"), Value(""), output_field=TextField())
        rows = rows.alias(theme=theme).exclude(theme__in=waiting)
    if viewer.is_platform:
        return rows
    if kind != "offer":
        return rows.filter(merchant_id=viewer.merchant_id)
    offers = Offer.objects.order_by()
    seen = walls.sights(viewer) if among is None else walls.sights_of(viewer, offers.filter(code__in=among))
    theirs = Exists(offers.filter(_let_through(seen), code=OuterRef("code")))
    return rows.filter(Q(merchant_id=viewer.merchant_id) | Q(merchant_id=PLATFORM) & theirs)


def stops(viewer: Viewer) -> QuerySet[Stop]:
    """The stops that are in force: of everything, and of the offers and campaigns the viewer sees."""
    viewer.require("quotes.write")
    rows = Stop.objects.filter(lifted_at=None).order_by("id")
    if viewer.is_platform:
        return rows
    seen = Q(kind="offer") & Exists(visible(viewer).order_by().filter(code=OuterRef("code")))
    themes = Q(kind="campaign", code__in=campaigns.visible(viewer).order_by().values("code"))
    return rows.filter(seen | themes | Q(kind="all"))


def releases(viewer: Viewer) -> QuerySet[Release]:
    """Every release that ever was, behind the viewer's wall."""
    rows = Release.objects.order_by("kind", "code", "version")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def live(viewer: Viewer) -> QuerySet[Live]:
    """What is in the book now."""
    rows = Live.objects.select_related("release").order_by("kind", "code")
    return rows if viewer.is_platform else rows.filter(release__merchant_id=viewer.merchant_id)


def offer(viewer: Viewer, code: str, kind: str = "") -> Offer:
    """One offer the viewer sees (`kind`: only a promotion, only a coupon); NotFound else."""
    rows = visible(viewer, [code]).select_related("campaign", "merchant")
    if (found := (rows.filter(kind=kind) if kind else rows).first()) is None:
        raise NotFound("offer")
    return found


def own(viewer: Viewer) -> QuerySet[Offer]:
    """The offers the viewer may change: its merchant's; all for the platform."""
    rows = Offer.objects.select_related("campaign", "merchant").order_by("code")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def in_review(viewer: Viewer, currency: str) -> QuerySet[Offer]:
    """The viewer's offers of one currency that wait for somebody to agree."""
    return own(viewer).filter(state="in_review", merchant__currency=currency)


def locked(viewer: Viewer, codes: Iterable[str], kind: str = "") -> list[Offer]:
    """The viewer's own offers of these codes, locked until the end of the transaction, in one order for everybody.

    Whoever writes a row that names one of them, such as an exclusion, need not wait: that one may have the book by then,
    for which who has the offers waits.
    """
    rows = own(viewer).select_for_update(of=("self",), no_key=True)
    rows = rows.filter(kind=kind) if kind else rows
    wanted = sorted(set(codes))
    return [found for part in in_parts(wanted) for found in rows.filter(code__in=part)]


def campaigns_of(viewer: Viewer, codes: Iterable[str]) -> set[int | None]:
    """The numbers of the campaigns that the viewer's own offers of these codes are in."""
    wanted = sorted(set(codes))
    rows = own(viewer).order_by().values_list("campaign", flat=True)
    return {campaign for part in in_parts(wanted) for campaign in rows.filter(code__in=part).distinct()}


def taken(viewer: Viewer, codes: Sequence[str]) -> set[str]:
    """Which of the codes an offer has already, whoever's it is."""
    viewer.require("offers.edit")
    return {
        code for part in in_parts(codes) for code in Offer.objects.filter(code__in=part).values_list("code", flat=True)
    }


def versions(viewer: Viewer, codes: Sequence[str]) -> dict[tuple[str, str], int]:
    """The last version of each (kind, code)."""
    found = (
        releases(viewer).order_by().filter(code__in=part).values_list("kind", "code").annotate(last=Max("version"))
        for part in in_parts(codes)
    )
    return {(kind, code): last for rows in found for kind, code, last in rows}


def book_rows(viewer: Viewer, currency: str) -> list[tuple[str, int, str, str]]:
    """What is in the book of one currency: (kind, number of the release, its digest, its code)."""
    rows = live(viewer).filter(release__merchant__currency=currency).select_related(None)
    return list(rows.values_list("kind", "release_id", "release__digest", "code"))


def live_keys(viewer: Viewer) -> set[tuple[int, str]]:
    """All releases in the book: (number, digest)."""
    return set(live(viewer).order_by().values_list("release_id", "release__digest"))


def release_data(viewer: Viewer, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], dict[str, Any]]:
    """The frozen data of releases by (number, digest)."""
    numbers = [number for number, _ in keys]
    rows = (
        releases(viewer).order_by().filter(id__in=part).values_list("id", "digest", "data")
        for part in in_parts(numbers, 500)
    )
    return {(number, digest): data for part in rows for number, digest, data in part}


def refunds_of(rows: QuerySet[Release]) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Of releases of offers: code, kind (None: promotion) and refund policy, without the rest of what is frozen."""
    found = rows.order_by().values_list("code", KT("data__kind"), KeyTransform("refund", "data"))
    return [(code, kind or "promotion", policy) for code, kind, policy in found]


def distributed(viewer: Viewer) -> list[tuple[str, list[str]]]:
    """Of every distribution that was ever released: its campaign and the offers it names, if any."""
    rows = releases(viewer).filter(kind="distribution").order_by("id")
    found = rows.values_list(KT("data__campaign"), KeyTransform("offers", "data"))
    return [(theme or "", offers or []) for theme, offers in found]


def live_in(viewer: Viewer, kind: str, campaign: str) -> set[str]:
    """The codes of what is in the book as a part of a campaign, though its next version be worked on in another."""
    rows = live(viewer).order_by().filter(kind=kind, release__data__campaign=campaign)
    return set(rows.select_related(None).values_list("code", flat=True))


def live_of(viewer: Viewer, kind: str, code: str, *, lock: bool = False) -> Live | None:
    """The row that has one thing in the book; locked until the end of the transaction if asked."""
    rows = live(viewer).filter(kind=kind, code=code)
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def ever_stopped(viewer: Viewer) -> QuerySet[Stop]:
    """Every stop there was, lifted or in force: the platform's to look through."""
    rows = Stop.objects.order_by("id")
    return rows if viewer.is_platform else rows.none()


def stops_of(viewer: Viewer, kind: str, codes: Sequence[str]) -> list[Stop]:
    """The stops of one kind that are in force on these codes."""
    rows = stops(viewer).filter(kind=kind)
    return [found for part in in_parts(codes) for found in rows.filter(code__in=part)]


def stop_of(viewer: Viewer, kind: str, code: str) -> Stop | None:
    """The stop that is in force on one thing."""
    return stops(viewer).filter(kind=kind, code=code).first()


def last_hands(viewer: Viewer, offers: Sequence[Offer]) -> dict[str, str]:
    """Who changed each of these drafts last, by code, as the audit says it: not always its author (`desk.edit`)."""
    found: dict[str, str] = {}
    for kind in {offer.kind for offer in offers}:
        since = {offer.code: offer.edited_at for offer in offers if offer.kind == kind}
        rows = records.visible(viewer).filter(subject_kind=kind, verb=f"{kind}s.edit", at__gte=min(since.values()))
        for part in in_parts(sorted(since)):
            told = rows.filter(subject__in=part).order_by().values_list("subject", "by", "at")
            found |= {code: by for code, by, at in told if at == since[code]}
    return found


def exclusions(viewer: Viewer, *, wide: bool = True) -> QuerySet[Exclusion]:
    """The exclusions between offers the viewer sees, of others' those that are out; not `wide`: without the offers."""
    rows = Exclusion.objects.order_by("code")
    rows = rows.select_related("first", "second", "along") if wide else rows
    if viewer.is_platform:
        return rows
    first, second = Q(first__merchant_id=viewer.merchant_id), Q(second__merchant_id=viewer.merchant_id)
    told, seen = rows.filter(Q(state="released") | first | second), walls.sights(viewer)
    return told.filter(first | _let_through(seen, "first__"), second | _let_through(seen, "second__"))


def exclusion(viewer: Viewer, first: Offer, second: Offer, grain: str) -> Exclusion | None:
    """The exclusion between two offers, in whichever order."""
    both = [first.pk, second.pk]
    return exclusions(viewer, wide=False).filter(first_id__in=both, second_id__in=both, grain=grain).first()


def exclusion_of(viewer: Viewer, code: str) -> Exclusion:
    """One exclusion by its code; NotFound when it is not there or another's."""
    found = exclusions(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("exclusion")
    return found


def between(viewer: Viewer, codes: Sequence[str]) -> QuerySet[Exclusion]:
    """The exclusions of which both ends are among these offers, those that were taken back too."""
    return exclusions(viewer).filter(first__code__in=codes, second__code__in=codes)


def of_offer(viewer: Viewer, offer: Offer) -> QuerySet[Exclusion]:
    """The exclusions of which one end is this offer."""
    return exclusions(viewer).filter(Q(first=offer) | Q(second=offer))


def along(viewer: Viewer, offers: Iterable[Offer], states: Iterable[str]) -> QuerySet[Exclusion]:
    """The exclusions that go through review with these offers and are in one of the states."""
    return exclusions(viewer).filter(along__in=[each.pk for each in offers], state__in=states)


def any_of_others(viewer: Viewer, kind: str, merchant_id: int) -> bool:
    """Whether anybody but this merchant has an offer of the kind that is live or in review."""
    viewer.require("offers.read")
    return Offer.objects.filter(kind=kind, state__in=OUT).exclude(merchant_id=merchant_id).exists()


def cautions(viewer: Viewer) -> dict[str, Caution]:
    """The policies on exclusions that somebody has set, by code."""
    viewer.require("offers.read")
    return {each.code: each for each in Caution.objects.order_by("code")}


def pending(viewer: Viewer, one: Exclusion) -> bool:
    """Whether an agreed exclusion still waits for one of its offers to be live."""
    viewer.require("offers.read")
    ends = (one.first.code, one.second.code)
    return one.state == "released" and live_releases(SYSTEM, "offer").filter(code__in=ends).count() < 2


def behind(viewer: Viewer, kind: str, code: str) -> Sequence[Exclusion]:
    """The exclusion behind a release, locked until the end of the transaction; none for a release of another kind."""
    if kind != "exclusion":
        return ()
    return list(exclusions(viewer, wide=False).select_for_update(of=("self",)).filter(code=code))
