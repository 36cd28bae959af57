"""What `festoon demo` says once it serves: where, as whom, and three things to ask the machine door."""

from __future__ import annotations

from festoon.catalog.sign_in import one_time_path
from festoon.demo.cast import keys, world

OPERATOR = "lin"
ROLES = {
    "operator": "operator",
    "reviewer": "reviewer; something waits for him",
    "finance": "finance reviewer",
    "analyst": "analyst",
    "merchant": "merchant Willow Tea House",
    "staff": "store staff at West Lake",
}


def greeting(url: str, password: str) -> str:
    """The whole text."""
    people = [
        f"    {row['code']:<6}{row['name']['en']} {row['name']['zh']}, {ROLES[row['roles'][0]]}"
        for row in world.read("people")["people"]
    ]
    return "\n".join(
        [
            "",
            f"  Festoon serves {url}/",
            "",
            f"  Sign in as Lin Yue with one click (works once):  {url}{one_time_path(OPERATOR)}",
            f"  Everybody's password is {password}",
            *people,
            "",
            "  The machine door, /v1 (its description: " + f"{url}/v1/openapi.json):",
            *(f"    {line}" for line in curls(url)),
            "",
            "  Everything on the stage is made up. Ctrl-C ends it; FRESH=1 starts over.",
            "",
        ]
    )


def curls(url: str) -> list[str]:
    """Price a basket, claim a coupon, look into the wallet."""
    key = f"-H 'Authorization: Bearer {keys.text('demo-app')}'"
    said = f"{key} -H 'Content-Type: application/json'"
    basket = '{"lines":[{"id":"1","sku":"t-01","quantity":3,"unit_price":12800}],"buyer":"mei"}'
    claim = '{"offer":"d12-shop-30","shopper":"mei"}'
    return [
        f"curl -s {url}/v1/quotes {said} -d '{basket}'",
        f"curl -s {url}/v1/claims {said} -H 'Idempotency-Key: first' -d '{claim}'",
        f"curl -s {url}/v1/wallets/mei {key}",
    ]
