"""Quotes of one server process, wallet of six coupons read, 10,000 offers live: baskets of 5 lines, and of 20.

Then the same of a server whose engine is compiled, where there is a C compiler.
"""

from __future__ import annotations

from bench.figures import compiled_folder
from tests.load import generator, world
from tests.load.figure import Figure, asked, figure, told
from tests.load.house import House

ON = ("sqlite", "postgresql")
GOAL = "per_core >= 1500, cpu_us <= 600"


def measure(house: House) -> list[Figure]:
    found = _measured(house)
    return found if (folder := compiled_folder()) is None else found + _measured(house, "_compiled", folder)


def _measured(house: House, build: str = "", path: str = "") -> list[Figure]:
    found = []
    with house.served("--doors", "api", path=path) as products:
        for lines, name, goal in ((5, "quotes_http", GOAL), (20, "quotes_http_20_lines", "")):
            bodies = [
                {"lines": cart, "buyer": world.shopper(at % world.HOLDERS), "shipping": 800}
                for at, cart in enumerate(world.carts(lines))
            ]
            file = generator.file_of(bodies)
            assert generator.once(products[0].url, "/v1/quotes", bodies[0]) == 200
            said, used = asked(products, "bodies.lua", "/v1/quotes", file, seconds=6)
            file.unlink()
            assert not said.refused_by_status, f"{said.refused_by_status} quotes were refused"
            found.append(figure(name + build, house, said.rate, "quotes/s", goal=goal, **told(said, used)))
    return found
