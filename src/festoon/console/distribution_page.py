"""Everything about one distribution, put together for its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from festoon.console import history, thing_told
from festoon.console.stands import stands
from festoon.distribution import queries as distributions
from festoon.offers import queries as offers
from festoon.records.viewer import Viewer
from festoon.review import machine

KIND = "distribution"


def context(viewer: Viewer, code: str, *, now: datetime) -> Mapping[str, Any]:
    """One distribution: whom it reaches, what is out, where it stands, and what may be done. NotFound for a foreign code."""
    found = distributions.distribution(viewer, code)
    own = viewer.is_platform or found.merchant_id == viewer.merchant_id
    edits = own and viewer.may("distributions.edit")
    releases = list(offers.releases(viewer).filter(kind=KIND, code=code).order_by("-version"))
    out = offers.live_of(viewer, KIND, code) is not None
    names = own and viewer.may("shoppers.read")
    lines = thing_told.told(viewer, KIND, found.draft, found.merchant.currency)
    return {
        "distribution": found,
        "lines": [line.part for line in lines if names or line.name != "buyers"],
        "releases": releases,
        "out": out,
        "stands": stands(viewer, KIND, found, now=now),
        "happened": history.of(viewer, (KIND,), code),
        **history.talk(viewer, KIND, found),
        "may_edit": edits and machine.editable(found.state),
        "may_submit": edits and found.state in machine.EDITABLE,
        "may_withdraw": edits and found.state == machine.IN_REVIEW,
        "may_reopen": edits and machine.allowed("reopen", found.state),
        "may_recall": own and out and viewer.may("offers.stop"),
    }
