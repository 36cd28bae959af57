"""`python -m tests.faults.enqueue KIND ARGS`: a job into the queue of the database that FESTOON_DATABASE_URL names."""

import json
import os
import sys
from datetime import UTC, datetime


def main(kind: str, args: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "festoon.config.settings"
    import django

    django.setup()
    from festoon.records.jobs import enqueue
    from festoon.records.viewer import SYSTEM

    enqueue(kind, json.loads(args), by=SYSTEM, now=datetime.now(UTC))


if __name__ == "__main__":
    main(*sys.argv[1:3])
