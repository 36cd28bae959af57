"""Everything about one distribution, put together for its page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from festoon.catalog import queries as catalog
from festoon.console import history, thing_told
from festoon.console.stands import stands
from festoon.distribution import queries as distributions
from festoon.distribution.models import Distribution
from festoon.offers import queries as offers
from festoon.records.viewer import Viewer
from festoon.review import machine
from festoon.storefront.addresses import SCENE
from festoon.storefront.templatetags.said import locale

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
        "poster": _poster(viewer, found),
        "may_recall": own and out and viewer.may("offers.stop"),
    }


def _poster(viewer: Viewer, found: Distribution) -> str:
    """What a poster of this distribution is asked with: its scene of claiming, else its own code; a store of its own."""
    scenes = [scene for scene in (*found.draft.get("claim_scenes", ()), found.code) if re.match(SCENE, scene)]
    stores = catalog.stores(viewer).filter(code__in=found.draft.get("stores") or ())
    asked = {"scene": next(iter(scenes), ""), "store": stores.values_list("code", flat=True).first() or ""}
    return urlencode({"paper": "a3", "first": "en" if locale() == "en" else "zh", **asked})
