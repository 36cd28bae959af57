"""Reading the keys. Each function takes the viewer first; a merchant sees only its own."""

from __future__ import annotations

from django.db.models import QuerySet

from festoon.catalog import queries
from festoon.catalog.models import PLATFORM, ApiKey, Merchant, Store
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer


def visible(viewer: Viewer) -> QuerySet[ApiKey]:
    """The keys behind the viewer's wall."""
    keys = ApiKey.objects.select_related("merchant")
    return keys if viewer.is_platform else keys.filter(merchant_id=viewer.merchant_id)


def keys(viewer: Viewer) -> QuerySet[ApiKey]:
    """Every key, the live ones first."""
    return visible(viewer).order_by("revoked_at", "merchant__code", "name", "id")


def live_key(viewer: Viewer, merchant: Merchant, name: str) -> ApiKey | None:
    """The merchant's key of that name that still opens, or None."""
    return visible(viewer).filter(merchant=merchant, name=name, revoked_at=None).first()


def key_of(viewer: Viewer, digest: str) -> ApiKey | None:
    """The live key with this hash, or None."""
    return visible(viewer).filter(digest=digest, revoked_at=None).first()


def viewer_of(digest: str) -> Viewer | None:
    """Who speaks with the live key of this hash: its merchant, its scopes as rights, its channel and store."""
    key = key_of(SYSTEM, digest)
    if key is None:
        return None
    return Viewer(
        name=f"key:{key.name}",
        merchant_id=key.merchant_id,
        rights=frozenset(key.scopes),
        channel=key.channel,
        store=key.store,
    )


def merchant(viewer: Viewer, code: str) -> Merchant:
    """The merchant, if the viewer may speak for it; no code is the platform. Raises NotFound."""
    found = queries.merchants(viewer).filter(**({"code": code} if code else {"pk": PLATFORM})).first()
    if found is None:
        raise NotFound("merchant")
    return found


def store(viewer: Viewer, owner: Merchant, code: str) -> Store:
    """The owner's store; of the platform's key, any merchant's store. Raises NotFound."""
    stores = queries.stores(viewer).filter(code=code)
    found = (stores if owner.pk == PLATFORM else stores.filter(merchant=owner)).first()
    if found is None:
        raise NotFound("store")
    return found
