"""Quotes of one server process, wallet of six coupons read, 10,000 offers live: baskets of 5 lines, and of 20."""

from __future__ import annotations

from tests.load import generator, world
from tests.load.figure import Figure, asked, figure, told
from tests.load.house import House

ON = ("sqlite", "postgresql")


def measure(house: House) -> list[Figure]:
    found = []
    with house.served("--doors", "api") as products:
        for lines, name in ((5, "quotes_http"), (20, "quotes_http_20_lines")):
            bodies = [
                {"lines": cart, "buyer": world.shopper(at % world.HOLDERS), "shipping": 800}
                for at, cart in enumerate(world.carts(lines))
            ]
            file = generator.file_of(bodies)
            assert generator.once(products[0].url, "/v1/quotes", bodies[0]) == 200
            said, used = asked(products, "bodies.lua", "/v1/quotes", file, seconds=6)
            file.unlink()
            assert not said.refused_by_status, f"{said.refused_by_status} quotes were refused"
            goal = "per_core >= 1500, cpu_us <= 600" if lines == 5 else ""
            found.append(figure(name, house, said.rate, "quotes/s", goal=goal, **told(said, used)))
    return found
