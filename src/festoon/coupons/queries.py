"""Reading coupon templates and coupons. Each function takes the viewer first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Max, Q, QuerySet

from festoon.catalog.models import PLATFORM
from festoon.coupons.models import (
    Coupon,
    DeviceClaim,
    GivenFor,
    Issue,
    IssuePart,
    PoolCode,
    Session,
    Template,
    WrongTry,
)
from festoon.offers.models import Offer
from festoon.offers.walls.queries import ever_touching
from festoon.records.parts import in_parts
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer


def visible(viewer: Viewer) -> QuerySet[Coupon]:
    """The coupons of offers behind the viewer's wall: of others, a merchant sees only the platform's.

    What is long and hardly ever looked at (drafts with a thousand goods, portraits) is read only where it is.
    """
    rows = Coupon.objects.select_related("template__offer", "shopper").order_by("claimed_at", "id")
    rows = rows.defer("template__offer__draft", "shopper__portrait")
    return rows if viewer.is_platform else rows.filter(_seen(viewer, "template__offer__"))


def _seen(viewer: Viewer, offer: str) -> Q:
    """The viewer's own, and of the platform's what ever met its goods; `offer` leads from a row to its offer."""
    theirs = {f"{offer}merchant_id": PLATFORM, f"{offer}code__in": ever_touching(viewer)}
    return Q(**{f"{offer}merchant_id": viewer.merchant_id}) | Q(**theirs)


def templates(viewer: Viewer) -> QuerySet[Template]:
    """The coupon templates behind the viewer's wall."""
    rows = Template.objects.select_related("offer__campaign", "offer__merchant", "stock").order_by("offer__code")
    return rows if viewer.is_platform else rows.filter(_seen(viewer, "offer__"))


def wallet(viewer: Viewer, shopper: str, *, now: datetime | None = None) -> QuerySet[Coupon]:
    """What a shopper holds, soonest to expire first; with `now`, only what may still be used then: not what its recall has
    made void and a job is about to mark.
    """
    rows = visible(viewer).filter(shopper__code=shopper)
    rows = rows.order_by(F("expires_at").asc(nulls_last=True), "id")
    if now is None:
        return rows
    rows = rows.exclude(state="claimed", recalls__lt=F("template__void_before"))
    return rows.filter(Q(expires_at=None) | Q(expires_at__gt=now), state__in=("claimed", "held"))


def unused(viewer: Viewer, offer: str, *, before: int | None = None) -> QuerySet[Coupon]:
    """The coupons of one template that are in a wallet and neither held nor used; `before`: given before the recall of
    this number.
    """
    rows = visible(viewer).order_by().filter(template__offer__code=offer, state="claimed")
    return rows if before is None else rows.filter(recalls__lt=before)


def struck(viewer: Viewer, offer: str, since: int, before: int, at: datetime) -> QuerySet[Coupon]:
    """The coupons of one template that were out and good when it was recalled (at a moment, the recall of the number
    `before`) and were not used since. What an earlier recall made void was given before that of the number `since`.

    Void ones too, for that recall or a later one made them so: what was made void by hand has no such number.
    """
    out = visible(viewer).order_by().filter(template__offer__code=offer, recalls__gte=since, recalls__lt=before)
    return out.filter(Q(expires_at=None) | Q(expires_at__gt=at), state__in=("claimed", "held", "void"))


def by_code(viewer: Viewer, code: str) -> Coupon | None:
    """The coupon somebody shows at a till: by its short code or its id."""
    return visible(viewer).filter(Q(code=code) | Q(id=code)).first()


def by_key(viewer: Viewer, key: str) -> Coupon | None:
    """The coupon that was made with this idempotency key of the viewer's merchant, whosever goods it is for."""
    return visible(SYSTEM).filter(key_owner=viewer.merchant_id, key=key).first()


def by_ids(viewer: Viewer, ids: Iterable[str]) -> dict[str, Coupon]:
    """Coupons by their ids; those that are not there, or not the viewer's to see, are left out."""
    return {coupon.id: coupon for coupon in visible(viewer).filter(id__in=list(ids))}


def rows(viewer: Viewer, wanted: Sequence[Offer]) -> list[Template]:
    """The templates of these offers, each with the very offer that was given."""
    given = {offer.pk: offer for offer in wanted}
    numbers = list(given)
    found = [row for part in in_parts(numbers) for row in templates(viewer).filter(offer_id__in=part)]
    for row in found:
        row.offer = given[row.offer_id]
    return found


def template(viewer: Viewer, offer: str, *, lock: bool = False) -> Template:
    """The template of one offer; NotFound when there is none the viewer sees."""
    rows = templates(viewer).filter(offer__code=offer)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound("coupon", "offer")
    return found


def held(viewer: Viewer, template: Template, shoppers: Sequence[int]) -> dict[int, int]:
    """How many coupons of the template each of these shoppers was ever given, by the shopper's number."""
    found = (
        visible(viewer).order_by().filter(template=template, shopper_id__in=part).values_list("shopper_id")
        for part in in_parts(shoppers)
    )
    return {number: last for part in found for number, last in part.annotate(last=Max("n"))}


def issues(viewer: Viewer) -> QuerySet[Issue]:
    """Orders to give coupons to many, newest first: of the viewer's own templates."""
    rows = Issue.objects.select_related("template__offer__merchant", "template__offer__campaign", "template__stock")
    rows = rows.order_by("-id")
    return rows if viewer.is_platform else rows.filter(template__offer__merchant_id=viewer.merchant_id)


def issue_of(viewer: Viewer, number: int) -> Issue:
    """One order; NotFound when it is not there or another's."""
    found = issues(viewer).filter(pk=number).first()
    if found is None:
        raise NotFound("issue")
    return found


def part(viewer: Viewer, issue: int, number: int) -> IssuePart | None:
    """One part of an order's recipients; None after the last."""
    return IssuePart.objects.filter(issue__in=issues(viewer).order_by(), issue_id=issue, number=number).first()


def last_numbers(viewer: Viewer, template: int, shoppers: Sequence[int]) -> dict[int, int]:
    """The number of the last coupon of the template that each of these shoppers has, by the shopper's number."""
    rows = visible(viewer).order_by().filter(template_id=template)
    if len(shoppers) > 1000 and shoppers[-1] - shoppers[0] < 4 * len(shoppers):  # close together: one walk of the index
        rows = rows.filter(shopper_id__gte=min(shoppers), shopper_id__lte=max(shoppers))
        return dict(rows.values_list("shopper_id").annotate(last=Max("n")))
    found = (
        rows.filter(shopper_id__in=each).values_list("shopper_id").annotate(last=Max("n"))
        for each in in_parts(shoppers)
    )
    return {number: last for each in found for number, last in each}


def pool(viewer: Viewer) -> QuerySet[PoolCode]:
    """The codes that wait for who takes them, and those that were taken: of the viewer's own templates."""
    rows = PoolCode.objects.select_related("template__offer").order_by("id")
    return rows if viewer.is_platform else rows.filter(template__offer__merchant_id=viewer.merchant_id)


def on_devices(viewer: Viewer) -> QuerySet[DeviceClaim]:
    """On which device coupons were claimed, where that is limited: of the viewer's own templates."""
    rows = DeviceClaim.objects.order_by("coupon")
    return rows if viewer.is_platform else rows.filter(template__offer__merchant_id=viewer.merchant_id)


def given_for(viewer: Viewer, coupon: str) -> GivenFor | None:
    """Who claimed this coupon on its shopper's behalf: of the viewer's own templates."""
    rows = GivenFor.objects.filter(coupon_id=coupon)
    rows = rows if viewer.is_platform else rows.filter(coupon__template__offer__merchant_id=viewer.merchant_id)
    return rows.first()


def wrong_tries(viewer: Viewer) -> QuerySet[WrongTry]:
    """The codes that were tried in vain; the platform's, for whoever tries is a shopper."""
    viewer.require("coupons.guard")
    rows = WrongTry.objects.order_by("id")
    return rows if viewer.is_platform else rows.none()


def tries_since(viewer: Viewer, of: str, since: datetime) -> int:
    """How many codes one shopper, address or key tried in vain since then."""
    return wrong_tries(viewer).order_by().filter(of=of, at__gt=since).count()


def sessions(viewer: Viewer, template: Template | None = None) -> QuerySet[Session]:
    """The sessions of a template, or of all the viewer sees, in order; dropped ones too."""
    rows = Session.objects.select_related("stock", "template__offer").order_by("starts_at", "id")
    rows = rows if viewer.is_platform else rows.filter(_seen(viewer, "template__offer__"))
    return rows if template is None else rows.filter(template=template)
