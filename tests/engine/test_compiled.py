"""The compiled engine says what the interpreted one says, to the byte."""

import importlib.util
import json
import os
import random
import subprocess
import sys
from itertools import islice

import pytest

from festoon.engine.price import price
from festoon.rulebook.book import read_book
from festoon.rulebook.facts import read_facts
from tests.engine.carts import world
from tests.prove import proving
from tools import compiled

TOLD = """
import sys
from itertools import islice
from festoon.engine import play
from tests.engine.test_compiled import told
assert play.__file__.endswith(".so"), play.__file__
for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    print(told(seed))
"""


def told(seed: int) -> str:
    """The whole answer to one random cart, on one line."""
    data, cart = world(random.Random(seed), 6 + seed % 4)
    if seed % 5 == 0:
        cart["chosen"] = "best"
    explain = "full" if seed % 4 == 0 else "verdicts"
    quote = price(read_book(data), read_facts(cart), explain=explain, better=seed % 2 == 0)
    return json.dumps(quote.to_data(words=True), ensure_ascii=False)


@pytest.mark.prove("engine")
@pytest.mark.once
@pytest.mark.timeout(900)
@pytest.mark.skipif(compiled.compiler() is None, reason="no C compiler here")
@pytest.mark.skipif(importlib.util.find_spec("mypyc") is None, reason="no mypyc here")
def test_the_compiled_engine_says_the_same(rounds):
    folder = (
        compiled.build()
        if proving()
        else compiled.build(compiled.FOLDER.with_name("compiled-plainly"), optimised=False)
    )
    every = rounds(small=300, large=50_000)
    while seeds := list(islice(every, 1000)):
        answered = subprocess.run(
            [sys.executable, "-c", TOLD, str(seeds[0]), str(seeds[-1] + 1)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(compiled.ROOT)])},
            capture_output=True,
            text=True,
        )
        assert not answered.returncode, answered.stderr
        lines = answered.stdout.splitlines()
        assert len(lines) == len(seeds)
        for seed, line in zip(seeds, lines, strict=True):
            assert line == told(seed), seed
