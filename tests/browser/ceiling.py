"""Above 80.00 off one order finance agrees too: the administrator says so, in a process of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import django


def main() -> None:
    django.setup()
    from festoon.base.words import Words
    from festoon.records.viewer import SYSTEM
    from festoon.review import flows
    from festoon.review.levels import Step

    finance = Step(Words("Finance, above the ceiling", "财务（超过上限）"), ["role:finance"])
    flows.set_ceiling("operator", "amount", 8_000, then=finance, by=SYSTEM, now=datetime.now(UTC))


if __name__ == "__main__":
    main()
