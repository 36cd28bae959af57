"""A-2: two hundred scripts in every text, stored and sent along, in a real browser: none runs, none asks for anything."""

from urllib.parse import quote

from tests.rights.payloads import CANARY, PAYLOADS

STORED = [
    "/offers/?state=draft", "/offers/x-0/", "/offers/x-7/", "/offers/x-21/edit/", "/offers/x-21/exclusions/", "/campaigns/",
    "/campaigns/x-0/", "/campaigns/x-8/compose/basics/", "/campaigns/double-12/", "/webhooks/", "/presets/new/",
    "/presets/new/?from=x-14", "/watch/", "/campaigns/double-12/matrix/",
]  # fmt: skip


def test_nothing_that_was_written_runs(house, visit):
    house.strangers()
    page = visit().sign_in("lin")
    page.page.on("dialog", lambda dialog: (page.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    sent = [f"/offers/?q={quote(payload[:120])}" for payload in PAYLOADS[::37]]
    sent += [f"/go/?q={quote(PAYLOADS[0])}", f"/try/?n.{quote(PAYLOADS[3])}=1&shopper={quote(PAYLOADS[8])}"]
    seen = 0
    for path in STORED + sent:
        page.go(path)
        seen += CANARY in page.page.content()
        page.forgive_nothing()
    assert len(PAYLOADS) >= 200
    assert seen > len(STORED), "they are on the pages, as words"
