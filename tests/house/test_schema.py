"""Migrations are the only source of schema, so they must say what the models say."""

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def test_migrations_are_level_with_the_models():
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail("a model has changed without its migration: run `python -m django makemigrations`")


def test_django_finds_nothing_to_complain_of():
    call_command("check", fail_level="WARNING")


def test_the_database_under_test_is_a_real_one():
    if connection.vendor == "sqlite":
        path = str(connection.settings_dict["NAME"])
        assert "memory" not in path, "an SQLite in memory locks differently from the file that shops run"
        assert connection.cursor().execute("pragma journal_mode").fetchone() == ("wal",)
    else:
        assert connection.vendor == "postgresql"
