"""PostgreSQL looks for the shoppers and templates of coupons once a statement, not twice a coupon.

A foreign key looks up and locks a row for each coupon that is added: of what the server does for a claim, a sixth. The
triggers say the same for whoever reads what was committed, as all here do: coupons name what is there, also when they
are changed, and what they name is not deleted nor emptied, nor is its number changed. Whoever deletes locks the coupons
first, so it and those who add wait for each other. SQLite keeps its keys, and so does the model.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

NAMES = {"shopper_id": "catalog_shopper", "template_id": "coupons_template"}
"""What a coupon names, and where it is. Asked as one value a row, so that no plan can come to read all shoppers."""
_MISSING = " OR ".join(
    f"(SELECT id FROM {{here}}.{table} WHERE id = {{row}}.{column}) IS NULL" for column, table in NAMES.items()
)
_CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in NAMES)
_REFUSED = "RAISE foreign_key_violation USING MESSAGE = '{}', TABLE = 'coupons_coupon', CONSTRAINT = 'coupon_named'"
_UNKNOWN = _REFUSED.format("a coupon names a shopper or a template that is not there")
_NAMED = _REFUSED.format("a coupon names it")
_FUNCTION = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} RETURN NULL; END $$"
FUNCTIONS = {
    "coupon_named": f"BEGIN IF EXISTS (SELECT FROM added WHERE {_MISSING.replace('{row}', 'added')}) THEN {_UNKNOWN}; END IF;",
    "coupon_named_anew": f"BEGIN IF {_MISSING.replace('{row}', 'NEW')} THEN {_UNKNOWN}; END IF;",
    "coupon_shut": "BEGIN LOCK TABLE {here}.coupons_coupon IN SHARE ROW EXCLUSIVE MODE;",
    "coupon_names": (
        "DECLARE named boolean; BEGIN IF TG_OP = 'UPDATE' THEN IF NEW.id = OLD.id THEN RETURN NULL; END IF; END IF;"
        " EXECUTE format('SELECT EXISTS (SELECT FROM {here}.coupons_coupon WHERE %I = $1)', TG_ARGV[0])"
        f" INTO named USING OLD.id; IF named THEN {_NAMED}; END IF;"
    ),
    "coupon_names_any": f"BEGIN IF EXISTS (SELECT FROM {{here}}.coupons_coupon) THEN {_NAMED}; END IF;",
}
"""Tables are named with the schema they are `here` in, whatever is looked through where a coupon is written."""
ADDED = [
    "CREATE TRIGGER coupon_named AFTER INSERT ON coupons_coupon REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION coupon_named()",
    f"CREATE TRIGGER coupon_named_anew AFTER UPDATE OF {', '.join(NAMES)} ON coupons_coupon"
    f" FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION coupon_named_anew()",
]
DELETED = [
    "CREATE TRIGGER coupon_shut BEFORE DELETE OR UPDATE OF id ON {table} FOR EACH STATEMENT EXECUTE FUNCTION coupon_shut()",
    "CREATE TRIGGER coupon_names AFTER DELETE OR UPDATE OF id ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION coupon_names('{column}')",
    "CREATE TRIGGER coupon_names_any AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION coupon_names_any()",
]


def by_statement(_: Any, schema: Any) -> None:
    if schema.connection.vendor != "postgresql":
        return
    with schema.connection.cursor() as cursor:
        every = schema.connection.introspection.get_constraints(cursor, "coupons_coupon")
        cursor.execute("SELECT quote_ident(current_schema())")
        (here,) = cursor.fetchone()
    keys = [name for name, found in every.items() if found["foreign_key"] and found["columns"][0] in NAMES]
    made = [_FUNCTION.format(name=name, body=body.replace("{here}", here)) for name, body in FUNCTIONS.items()]
    kept = [each.format(table=table, column=column) for column, table in NAMES.items() for each in DELETED]
    gone = [f'ALTER TABLE coupons_coupon DROP CONSTRAINT "{key}"' for key in keys]
    for words in [*made, *ADDED, *kept, *gone]:
        schema.execute(words, None)


def by_coupon(_: Any, schema: Any) -> None:
    if schema.connection.vendor != "postgresql":
        return
    for column, table in NAMES.items():
        schema.execute(
            f"ALTER TABLE coupons_coupon ADD CONSTRAINT coupons_coupon_{column}_fk"
            f" FOREIGN KEY ({column}) REFERENCES {table} (id) DEFERRABLE INITIALLY DEFERRED"
        )
    for name in FUNCTIONS:
        schema.execute(f"DROP FUNCTION {name}() CASCADE")


class Migration(migrations.Migration):
    """Triggers of PostgreSQL in place of two keys, under the lock of the table from the first to the last."""

    dependencies = [("coupons", "0013_no_void_until"), ("catalog", "0006_levels_of_shoppers")]

    operations = [migrations.RunPython(by_statement, by_coupon)]
