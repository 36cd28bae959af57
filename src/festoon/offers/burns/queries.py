"""Reading the burn rates; each function takes the viewer first."""

from __future__ import annotations

from django.db.models import QuerySet

from festoon.offers.models import BurnAlarm, BurnReading, BurnRule
from festoon.records.viewer import Viewer


def burn_rules(viewer: Viewer) -> QuerySet[BurnRule]:
    """The rules on how fast things are given: the viewer's own."""
    rows = BurnRule.objects.exclude(state="ended").order_by("kind", "code")
    return rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)


def burn_rule(viewer: Viewer, kind: str, code: str) -> BurnRule | None:
    """The rule of one offer or campaign, ended ones too."""
    rows = BurnRule.objects.filter(kind=kind, code=code)
    return (rows if viewer.is_platform else rows.filter(merchant_id=viewer.merchant_id)).first()


def armed(viewer: Viewer) -> list[int]:
    """The numbers of the rules that watch now."""
    return list(burn_rules(viewer).filter(state="armed").values_list("id", flat=True))


def armed_rule(viewer: Viewer, number: int) -> BurnRule | None:
    """One rule, locked, if it still watches."""
    return burn_rules(viewer).select_for_update().filter(pk=number, state="armed").first()


def readings(viewer: Viewer, rule: BurnRule) -> QuerySet[BurnReading]:
    """What was read for a rule."""
    return BurnReading.objects.filter(rule__in=burn_rules(viewer).order_by(), rule=rule).order_by("id")


def alarms(viewer: Viewer) -> QuerySet[BurnAlarm]:
    """The alarms of the viewer's rules, newest first."""
    rows = BurnAlarm.objects.select_related("rule__merchant").order_by("-at", "-id")
    return rows if viewer.is_platform else rows.filter(rule__merchant_id=viewer.merchant_id)
