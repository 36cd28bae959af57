"""Time is an argument: any past or future price can then be asked, and a replay is exact."""

from tests.tidy.reading import dotted, files, nowhere

DOORS = {"api", "console", "shop", "cli", "config", "demo"}
PARTS_OF_DOORS = {
    "storefront/templatetags/said.py": "how long ago, said at the moment a door draws its page",
}
CLOCKS = {
    "timezone.now", "datetime.now", "datetime.utcnow", "datetime.today",
    "datetime.datetime.now", "datetime.datetime.utcnow", "date.today", "datetime.date.today", "time.time",
    "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip


def test_only_the_doors_look_at_the_clock():
    nowhere(
        [
            place
            for file in files(without=DOORS | set(PARTS_OF_DOORS))
            for place in file.lines_where(lambda node: dotted(node) in CLOCKS)
        ],
        because="A clock read inside a room makes its answer unrepeatable.",
        instead="take `now` as an argument; the door that was knocked at reads the clock once.",
    )


def test_no_column_fills_itself_with_the_time():
    nowhere(
        [
            place
            for file in files()
            for place in file.lines_where(lambda node: getattr(node, "arg", None) in {"auto_now", "auto_now_add"})
        ],
        because="auto_now is a clock inside a table.",
        instead="the action writes the `now` it was given.",
    )


def test_the_pure_rooms_have_neither_clock_nor_chance():
    refused = {"time", "random", "secrets", "uuid", "os", "socket", "subprocess", "threading", "asyncio"}
    nowhere(
        [
            place
            for file in files(rooms={"engine", "rulebook"})
            for place in file.lines_where(lambda node: bool(imported(node) & refused))
        ],
        because="A price is a function of facts, book and moment, and of nothing else.",
        instead="pass what is needed as a fact.",
    )


def imported(node) -> set[str]:
    """The top-level names an import statement asks for."""
    if node.__class__.__name__ == "Import":
        return {alias.name.split(".")[0] for alias in node.names}
    if node.__class__.__name__ == "ImportFrom" and not node.level:
        return {(node.module or "").split(".")[0]}
    return set()
