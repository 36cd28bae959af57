"""Reading the catalogue. Goods, stores and people of a merchant are behind its wall; shoppers are the platform's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from festoon.catalog.models import (
    Brand,
    CatalogVersion,
    Category,
    Membership,
    Merchant,
    Person,
    Product,
    SecondFactorRule,
    Segment,
    Shopper,
    SignInTry,
    Store,
    UsedCode,
)
from festoon.records.parts import in_parts
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer

MOST_LEVELS = 50
GOODS = (
    "sku", "product", "category__path", "brand__code", "store__code", "merchant__code", "tags", "tag_floor",
    "net_floor", "unit_cost", "list_price",
)  # fmt: skip


def visible(viewer: Viewer) -> QuerySet[Product]:
    """The goods behind the viewer's wall, by sku."""
    rows = Product.objects.order_by("sku")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def products(viewer: Viewer, search: str = "") -> QuerySet[Product]:
    """The goods with their category, brand and store; those whose sku or name holds `search`."""
    rows = visible(viewer).select_related("merchant", "category", "brand", "store")
    return rows.filter(sku__icontains=search) | rows.filter(name_en__icontains=search) | rows.filter(
        name_zh__icontains=search
    )  # fmt: skip


def product(viewer: Viewer, sku: str) -> Product:
    """One of the goods; NotFound when it is not there or another's."""
    found = visible(viewer).select_related("merchant", "category", "brand", "store").filter(sku=sku).first()
    if found is None:
        raise NotFound("product", "sku")
    return found


def goods(viewer: Viewer) -> Iterator[tuple[Any, ...]]:
    """The columns GOODS of all goods, for the catalogue in memory."""
    return visible(viewer).values_list(*GOODS).iterator(chunk_size=5000)


def spoken(viewer: Viewer) -> Iterator[tuple[Any, ...]]:
    """Of all goods: sku, merchant, and what people would type to find them."""
    words = ("sku", "merchant__code", "name_en", "name_zh", "brand__code", "brand__name_en", "brand__name_zh")
    return visible(viewer).values_list(*words).iterator(chunk_size=5000)


def version(viewer: Viewer) -> int | None:
    """The number that moves with every change of goods."""
    viewer.require("catalog.read")
    return CatalogVersion.objects.filter(pk=1).values_list("number", flat=True).first()


def merchants(viewer: Viewer) -> QuerySet[Merchant]:
    """The merchants the viewer sees: all for the platform, itself otherwise."""
    rows = Merchant.objects.order_by("id")
    return rows if viewer.is_platform else rows.filter(id=viewer.merchant_id)


def merchant(viewer: Viewer, code: str) -> Merchant:
    """One merchant by its code; NotFound when it is not there or not the viewer's."""
    found = merchants(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("merchant")
    return found


def owner(viewer: Viewer, code: str) -> Merchant:
    """Whose a new thing is: the merchant of this code, the viewer's own when none is named. NotFound else."""
    found = merchants(viewer).filter(code=code) if code else merchants(viewer).filter(id=viewer.merchant_id)
    if (first := found.first()) is None:
        raise NotFound("merchant")
    return first


def stores(viewer: Viewer) -> QuerySet[Store]:
    """The stores behind the viewer's wall."""
    rows = Store.objects.select_related("merchant").order_by("code")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def categories(viewer: Viewer) -> QuerySet[Category]:
    """The shelves of goods, root first; everybody's."""
    viewer.require("catalog.read")
    return Category.objects.order_by("path")


def brands(viewer: Viewer) -> QuerySet[Brand]:
    """The names on goods; everybody's."""
    viewer.require("catalog.read")
    return Brand.objects.order_by("code")


def segments(viewer: Viewer) -> QuerySet[Segment]:
    """The named groups of shoppers; everybody's to name in a condition."""
    viewer.require("catalog.read")
    return Segment.objects.order_by("code")


def person(viewer: Viewer, user_id: int) -> Person | None:
    """The person of a signed-in user: who asks for it has the user."""
    rows = _behind(viewer, Person.objects.filter(user_id=user_id))
    return next(iter(rows.select_related("merchant", "store")), None)


def user(viewer: Viewer, user_id: int) -> Any:
    """A user by its number, with the person it is, their company and their shop; behind the viewer's wall."""
    rows = get_user_model().objects.select_related("person__merchant", "person__store").filter(pk=user_id)
    rows = rows if viewer.is_platform else rows.filter(person__merchant_id=viewer.merchant_id)
    return next(iter(rows), None)


def colleague(viewer: Viewer, code: str, *, lock: bool = False) -> Person:
    """One colleague behind the viewer's wall; NotFound when there is none."""
    rows = people(viewer).filter(code=code)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound("person")
    return found


def oneself(viewer: Viewer) -> Person:
    """The person who asks; NotFound for a machine, a job, the system."""
    kind, _, code = viewer.name.partition(":")
    if kind != "person":
        raise NotFound("person")
    return colleague(viewer, code)


def factors(viewer: Viewer, person: Person) -> QuerySet[Any]:
    """What this person is asked for beside the password, sealed; behind the viewer's wall."""
    mine = people(viewer).filter(pk=person.pk).values("user")
    rows: QuerySet[Any] = Authenticator.objects.filter(user__in=mine)
    return rows.order_by("pk")


def with_a_phone(viewer: Viewer) -> QuerySet[Any]:
    """The users behind the viewer's wall who have a second factor."""
    users = people(viewer).order_by().values("user")
    rows: QuerySet[Any] = Authenticator.objects.filter(user__in=users, type=Authenticator.Type.TOTP)
    return rows.values("user")


def factor_rules(viewer: Viewer) -> QuerySet[SecondFactorRule]:
    """Who has to have a second factor, by company and role."""
    rows = SecondFactorRule.objects.order_by("merchant_id", "role")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def used_codes(viewer: Viewer, person: Person) -> QuerySet[UsedCode]:
    """The codes of this person's phone that were taken lately."""
    return UsedCode.objects.filter(person__in=people(viewer).order_by().filter(pk=person.pk)).order_by("id")


def vouched(viewer: Viewer, issuer: str, subject: str) -> Person | None:
    """The person whom another house knows as `subject`, once they signed in through it."""
    users = SocialAccount.objects.filter(provider=issuer, uid=subject).values("user")
    return people(viewer).filter(user__in=users).first()


def is_vouched(viewer: Viewer, person: Person) -> bool:
    """Whether this person signed in through another house before."""
    return bool(SocialAccount.objects.filter(user__in=people(viewer).filter(pk=person.pk).values("user")).exists())


def failed_tries(viewer: Viewer) -> QuerySet[SignInTry]:
    """The sign-ins that failed; the platform's, for nobody is known before they signed in."""
    rows = SignInTry.objects.order_by("id")
    return rows if viewer.is_platform else rows.none()


def sessions_of(viewer: Viewer, persons: Iterable[Person]) -> list[Session]:
    """Where these people are signed in now: every browser's session, looked through one by one."""
    wanted = people(viewer).filter(pk__in=[each.pk for each in persons]).values_list("user_id", flat=True)
    users = {str(user) for user in wanted}
    return [
        each
        for each in Session.objects.order_by("pk").iterator()
        if users and each.get_decoded().get("_auth_user_id") in users
    ]


def people(viewer: Viewer) -> QuerySet[Person]:
    """The colleagues behind the viewer's wall."""
    return _behind(viewer, Person.objects.select_related("merchant", "user", "store").order_by("code"))


def _behind(viewer: Viewer, rows: QuerySet[Person]) -> QuerySet[Person]:
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def shoppers(viewer: Viewer) -> QuerySet[Shopper]:
    """The shoppers; they are the platform's, a merchant sees none of them here."""
    rows = Shopper.objects.order_by("code")
    return rows if viewer.is_platform else rows.none()


def levels(viewer: Viewer) -> list[str]:
    """The levels that shoppers have. From each the index leads to the next: the same few steps, however many shoppers."""
    rows, found = shoppers(viewer).order_by("level").values_list("level", flat=True), [""]
    while len(found) <= MOST_LEVELS and (after := rows.filter(level__gt=found[-1]).first()):
        found.append(after)
    return found[1:]


def shopper(viewer: Viewer, code: str) -> Shopper:
    """One shopper by code; NotFound when there is none."""
    found = shoppers(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("shopper")
    return found


def segments_of_code(viewer: Viewer, shopper: str) -> list[str]:
    """The segments of the shopper with this code; none for nobody."""
    rows = Membership.objects.filter(shopper__in=shoppers(viewer).order_by().filter(code=shopper))
    return list(rows.order_by("segment__code").values_list("segment__code", flat=True))


def memberships(viewer: Viewer) -> QuerySet[Membership]:
    """Who is in which segment; the platform's, as shoppers are."""
    rows = Membership.objects.order_by()
    return rows if viewer.is_platform else rows.none()


def members(viewer: Viewer, segment: str) -> QuerySet[Shopper]:
    """The shoppers in one segment."""
    return shoppers(viewer).filter(membership__segment__code=segment)


def codes(rows: QuerySet[Any]) -> dict[str, int]:
    """Code → number of all `rows`."""
    return dict(rows.order_by().values_list("code", "id"))


def found(rows: QuerySet[Any], field: str, wanted: Sequence[str], column: str) -> dict[str, Any]:
    """Of the `wanted` values of `field`: value → `column`, asked for a thousand at a time."""
    return {
        value: answer
        for part in in_parts(wanted)
        for value, answer in rows.order_by().filter(**{f"{field}__in": part}).values_list(field, column)
    }
