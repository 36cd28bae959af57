"""`python -m tests.faults.stage PASSWORD`: the cast into the database that FESTOON_DATABASE_URL names."""

import os
import sys
from datetime import UTC, datetime


def main(password: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "festoon.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings

    from festoon.demo.cast.load import load

    settings.PASSWORD_HASHERS = ["tests.quick.Hasher"]

    call_command("migrate", verbosity=0, interactive=False)
    load(now=datetime.now(UTC), password=password)


if __name__ == "__main__":
    main(sys.argv[1])
