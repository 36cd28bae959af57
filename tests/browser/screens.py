"""Every screen there is, by the name of its address: what the pictures show and the strict rules look at.

`tests/console/test_shots.py` fails when an address is on none of the lists.
"""

from tests.browser.backstage import OLDER, ORDER, RULE

CART = "n.t-05=2&n.w-04=1&n.s-01=1&shopper=mei"
CONSOLE = {
    "start": ("console:start", "/"),
    "dashboard": ("console:dashboard", "/dashboard/"),
    "dashboard-day": ("console:dashboard", "/dashboard/?by=day"),
    "campaigns": ("console:campaigns", "/campaigns/"),
    "campaign": ("console:campaign", "/campaigns/double-12/"),
    "campaign-portrait": ("console:campaign-portrait", "/campaigns/double-12/portrait/"),
    "campaign-poster": ("console:campaign-poster", "/campaigns/double-12/poster/"),
    "campaign-poster-print": (
        "console:campaign-poster-print",
        "/campaigns/double-12/poster/print/?paper=roll-up&first=zh&scene=hall&store=willow-west",
    ),
    "campaign-new": ("console:campaign-new", "/campaigns/new/"),
    "campaign-text": ("console:campaign-text", "/campaigns/double-12/text/"),
    "compose": ("console:compose", "/campaigns/double-12/compose/basics/"),
    "offers": ("console:offers", "/offers/"),
    "offers-searched": ("console:offers", "/offers/?q=tea&kind=promotion&dense=1"),
    "offers-dense": ("console:offers", "/offers/?dense=1"),
    "offers-nothing": ("console:offers", "/offers/?q=zzzz"),
    "offer": ("console:offer", "/offers/d12-gold-12/"),
    "offer-new": ("console:offer-new", "/offers/new/"),
    "offer-new-form": ("console:offer-new", "/offers/new/?rule=type:spend_and_save"),
    "offer-new-coupon": (
        "console:offer-new",
        "/offers/new/?rule=type:percent&kind=coupon&example=1&campaign=double-12",
    ),
    "offer-edit": ("console:offer-edit", "/offers/d12-gold-12/edit/"),
    "exclusions": ("console:exclusions", "/offers/d12-gold-12/exclusions/"),
    "exclusion": ("console:exclusion", "/offers/d12-gold-12/exclusions/d12-300-less-50/"),
    "matrix": ("console:matrix", "/matrix/"),
    "campaign-matrix": ("console:campaign-matrix", "/campaigns/double-12/matrix/"),
    "policies": ("console:policies", "/settings/exclusions/"),
    "coupon": ("console:coupon", "/coupons/d12-shop-30/"),
    "inbox": ("console:inbox", "/reviews/"),
    "reviews": ("console:inbox", "/reviews/?state=passed"),
    "review": ("console:review", "/reviews/1/"),
    "distribution": ("console:distribution", "/distributions/d12-app/"),
    "presets": ("console:presets", "/presets/"),
    "preset": ("console:preset", "/presets/happy-hours/"),
    "preset-new": ("console:preset-new", "/presets/new/"),
    "preset-new-form": ("console:preset-new", "/presets/new/?from=d12-oolong-15"),
    "review-settings": ("console:review-settings", "/settings/reviews/"),
    "try": ("console:try", f"/try/?{CART}"),
    "compare": ("console:try", f"/try/?{CART}&tick=d12-300-less-50&tick=d12-oolong-15"),
    "go": ("console:go", "/go/?q=tea"),
    "watch": ("console:watch", "/watch/"),
    "flash": ("console:flash", "/flash/"),
    "year": ("console:year", "/year/"),
    "health": ("console:health", "/health/"),
    "webhooks": ("console:webhooks", "/webhooks/"),
    "account": ("console:account", "/account/"),
    "password": ("console:password", "/account/password/"),
    "second-factor": ("console:second-factor", "/account/second-factor/"),
    "webhook": ("console:webhook", "/webhooks/1/"),
    "preset-own": ("console:preset", f"/presets/{RULE}/"),
    "newest": ("console:newest", f"/newest/?preset={OLDER}"),
    "preset-edit": ("console:preset-edit", f"/presets/{RULE}/edit/"),
}
"""What Lin opens; every screen of the console that is not on a list below."""
ADMINISTRATOR = {
    "components": ("console:components", "/components/"),
    "people": ("console:people", "/people/"),
    "audit": ("console:audit", "/audit/"),
    "person": ("console:person", "/people/lin/"),
    "components-wrong": ("console:components", "/components/?wrong=1"),
}
SERVICE = {
    "service": ("console:service", "/service/"),
    "service-order": ("console:service", f"/service/?q={ORDER}"),
    "service-shopper": ("console:service", "/service/?q=mei"),
    "give": ("console:give", "/service/give/?shopper=mei"),
}
"""What only the desk of customer service opens."""
NOBODY = {
    "sign-in": ("console:sign-in", "/sign-in/"),
    "shops": ("shop:campaigns", "/shop/"),
    "shop": ("shop:campaign", "/shop/double-12/"),
    "shop-pink": ("shop:campaign", "/shop/womens-day/"),
}
"""What one sees before signing in, and what shoppers see."""
VERBS = {
    "console:town", "console:campaign-submit", "console:campaign-approve", "console:stop", "console:lift",
    "console:exclude", "console:issue", "console:seen", "console:remark", "console:remark-on", "console:decide", "console:case",
    "console:exclude-pair", "console:health-check", "console:alarm-seen", "console:job", "console:webhook-act",
    "console:watch-end", "console:halt", "console:let-go", "console:view-keep", "console:view-drop", "console:sign-in-once", "console:be",
    "console:way", "console:coupon-void", "console:campaign-copy", "console:campaign-template", "console:template-drop", "console:campaign-recall", "console:campaign-archive", "console:unfinished-drop", "console:scope-find",
    "console:scope-tree", "console:coupon-find", "console:sign-out-everywhere", "console:letters", "console:second-factor-rule", "console:sign-in-with", "console:sign-in-back", "console:tick", "console:untick", "console:unlock", "console:policy", "console:preset-act", "console:sign-out", "console:language", "shop:language", "shop:enter", "shop:seen", "console:campaign-poster-drawn", "shop:be", "shop:claim",
}  # fmt: skip
"""Addresses that do something and show nothing of their own."""
ELSEWHERE = {"console:sign-in-code": "somebody gave the first factor: tests/browser/test_identity.py"}
"""Screens that have nothing to show before somebody did something; who looks at them."""
