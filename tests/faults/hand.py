"""An operator's hand on a product that is served: `python -m tests.faults.hand enqueue KIND ARGS`, `… town-off`."""

import json
import os
import sys
from datetime import UTC, datetime


def main(verb: str, *given: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "festoon.config.settings"
    import django

    django.setup()
    from festoon.demo.cast.load import viewer
    from festoon.demo.town import switch
    from festoon.records.jobs import enqueue

    lin, now = viewer("lin"), datetime.now(UTC)
    if verb == "enqueue":
        enqueue(given[0], json.loads(given[1]), by=lin, now=now)
    else:
        switch.stop(by=lin, now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
