"""What a search by name looks through is one text of its own, kept by triggers, in the index that a list walks.

SQLite takes a generated column for more than its index holds and would read every row. It also loses the triggers of a
table that a later migration makes anew: such a one calls `keep` again, and `tests/offers/test_called.py` says so.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F

from festoon.records.names import Called

SQLITE = """
CREATE TRIGGER {name} AFTER {when} ON offers_offer BEGIN
UPDATE offers_offer SET called = lower(new.code || char(10) || new.name_en || char(10) || new.name_zh) WHERE id = new.id;
END
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION offer_called() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
NEW.called := lower((NEW.code || chr(10) || NEW.name_en || chr(10) || NEW.name_zh) COLLATE "C");
RETURN NEW;
END $$
"""
POSTGRESQL = "CREATE TRIGGER {name} BEFORE {when} ON offers_offer FOR EACH ROW EXECUTE FUNCTION offer_called()"
TRIGGERS = {"offer_called_new": "INSERT", "offer_called_changed": "UPDATE OF code, name_en, name_zh"}


def keep(_: Any, schema: Any) -> None:
    postgresql = schema.connection.vendor == "postgresql"
    if postgresql:
        schema.execute(FUNCTION)
    for name, when in TRIGGERS.items():
        schema.execute((POSTGRESQL if postgresql else SQLITE).format(name=name, when=when))


def keep_no_more(_: Any, schema: Any) -> None:
    postgresql = schema.connection.vendor == "postgresql"
    for name in TRIGGERS:
        schema.execute(f"DROP TRIGGER {name}{' ON offers_offer' if postgresql else ''}")
    if postgresql:
        schema.execute("DROP FUNCTION offer_called()")


def fill(apps: Any, _: Any) -> None:
    apps.get_model("offers", "Offer").objects.update(called=Called())


class Migration(migrations.Migration):
    """A column, two triggers that write it, and one index in place of one."""

    dependencies = [("offers", "0006_exclusion_along_and_caution")]
    operations = [
        migrations.RemoveIndex("offer", "offer_latest"),
        migrations.AddField("offer", "called", models.TextField(default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(keep, keep_no_more),
        migrations.AddIndex(
            "offer",
            models.Index(
                F("edited_at").desc(), F("id").desc(), "out", "state", "kind", "type", "campaign", "merchant",
                "starts_at", "ends_at", "code", "called", name="offer_latest",
            ),
        ),
    ]  # fmt: skip
