"""An operator's hand on a product that is served: `python -m tests.faults.hand enqueue KIND ARGS`, `… town-off`,
`… issue OFFER COUNT`.
"""

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
    elif verb == "issue":
        issue(given[0], int(given[1]), now)
    else:
        switch.stop(by=lin, now=now)


def issue(offer: str, count: int, now: datetime) -> None:
    """A coupon ordered for so many shoppers of its own segment, with stock enough."""
    from festoon.catalog import actions as catalog
    from festoon.coupons import queries
    from festoon.coupons.bulk import issue_many
    from festoon.ledger import accounts
    from festoon.records.viewer import SYSTEM

    how = {"by": SYSTEM, "now": now, "key": ""}
    accounts.fund(queries.template(SYSTEM, offer).stock, count, at=now)
    catalog.take_segments([{"code": "many", "name_en": "Many", "name_zh": "众人"}], **how)
    names = [f"many-{n:05}" for n in range(count)]
    catalog.take_shoppers([{"code": name} for name in names], **how)
    catalog.take_memberships([{"shopper": name, "segment": "many"} for name in names], **how)
    issue_many(offer, {"segment": "many"}, by=SYSTEM, now=now, key="many")


if __name__ == "__main__":
    main(*sys.argv[1:])
