"""Reading presets: a merchant sees its own, and of the platform's what was released."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, OuterRef, QuerySet, Subquery

from festoon.presets.models import Preset, PresetRelease
from festoon.records.refusal import NotFound
from festoon.records.viewer import PLATFORM, Viewer


def visible(viewer: Viewer) -> QuerySet[Preset]:
    """The presets behind the viewer's wall, by code; the platform's are there for others as `releases`."""
    rows = Preset.objects.select_related("merchant").order_by("code")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def own(viewer: Viewer) -> QuerySet[Preset]:
    """The presets the viewer may change."""
    return visible(viewer)


def preset(viewer: Viewer, code: str) -> Preset:
    """One preset by code; NotFound when it is not there or another's."""
    found = visible(viewer).filter(code=code).first()
    if found is None:
        raise NotFound("preset")
    return found


def taken(viewer: Viewer, code: str) -> bool:
    """Whether a preset has the code already, whoever's it is."""
    viewer.require("presets.edit")
    return Preset.objects.filter(code=code).exists()


def locked(viewer: Viewer, codes: Sequence[str]) -> list[Preset]:
    """The viewer's own presets of these codes, locked until the end of the transaction, in one order."""
    return list(own(viewer).select_for_update(of=("self",)).filter(code__in=codes))


def releases(viewer: Viewer) -> QuerySet[PresetRelease]:
    """Every release the viewer sees."""
    rows = PresetRelease.objects.select_related("merchant").order_by("code", "-version")
    return rows if viewer.is_platform else rows.filter(merchant_id__in=(viewer.merchant_id, PLATFORM))


def latest(viewer: Viewer) -> QuerySet[PresetRelease]:
    """The releases new offers are made from: the last of each preset, unless it was recalled."""
    current = Preset.objects.filter(code=OuterRef("code")).values("version")[:1]
    return releases(viewer).filter(recalled_at=None).alias(current=Subquery(current)).filter(version=F("current"))


def release(viewer: Viewer, code: str, version: int | None) -> PresetRelease | None:
    """One release; the last one that may be used when no version is named."""
    rows = latest(viewer) if version is None else releases(viewer).filter(version=version)
    return rows.filter(code=code).first()
