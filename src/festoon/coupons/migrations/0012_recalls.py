"""Which recall a coupon was out at is told by a number, no longer by the clock of who gave it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

FIRST = {"since": 0, "before": 1}


def number(apps: Any, _: Any) -> None:
    """What was recalled up to now is the recall of the number 1; jobs of it that are not done yet keep to that."""
    templates, coupons = apps.get_model("coupons", "Template"), apps.get_model("coupons", "Coupon")
    for row in templates.objects.exclude(void_until=None):
        coupons.objects.filter(template=row, claimed_at__gt=row.void_until).update(recalls=1)
        templates.objects.filter(pk=row.pk).update(recalls=1, void_before=1)
    for issue in apps.get_model("coupons", "Issue").objects.filter(audience__has_key="holders"):
        issue.audience["holders"] |= FIRST
        issue.save(update_fields=["audience"])
        templates.objects.filter(offer__code=issue.audience["holders"]["offer"]).update(recalls=1)
    for job in apps.get_model("records", "Job").objects.filter(kind="void"):
        job.args["before"] = FIRST["before"]
        job.save(update_fields=["args"])


class Migration(migrations.Migration):

    dependencies = [("coupons", "0011_void_until"), ("records", "0005_audit_told")]

    operations = [
        migrations.AddField("template", "recalls", models.IntegerField(default=0)),
        migrations.AddField("template", "void_before", models.IntegerField(default=0)),
        migrations.AddField("coupon", "recalls", models.IntegerField(null=True, db_default=0)),
        migrations.RunPython(number),
    ]
