"""Who did what, as a list and as a file: behind the viewer's wall, for whom that is."""

from __future__ import annotations

from festoon.console.lists.audit import AuditList
from festoon.console.views import lists

listing = lists.of(AuditList, "console/audit.html", "audit.read")
