"""Festoon beside the engines of others, in one run: the same carts under the same live promotions, one after another.

    python bench/peers.py [ROUNDS]        writes var/bench/peers.json

The peers' harness is not ours and not part of this repository: FESTOON_PEERS names its folder (see bench/engine.py).
Its `setup.sh` installs Vendure's calculator, Medusa's evaluator, CEL (Rust) and Zen from npm and PyPI, once, into a
temporary folder: FESTOON_PEERS_INSTALLED, or one of the machine's own that later runs find again. A peer that cannot
be installed, or gives a wrong answer to a hand-checked case, is named and left out.

Every measurement is a process of its own, by the harness's own clock (CPU a cart); each round runs them all, so
that what else the machine does meets all of them. Ours is timed as theirs are: facts are read before the clock starts,
nothing is kept from one cart to the next. Inside the clock: the price, a verdict for every offer in reach, and the
share of every unit by payer.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import engine
from figures import written

from festoon.engine.facts import Facts
from festoon.engine.price import price
from festoon.rulebook.facts import read_facts

LIVE = (10, 1000, 10_000)
LINES = "20"
SECONDS = "0.7"
PEERS = {
    "vendure": ("Vendure's OrderCalculator", "node"),
    "medusa-mem": ("Medusa's computeActions", "node"),
    "cel-rs": ("CEL in Rust", "python"),
    "zen": ("Zen in Rust", "python"),
}
OURS = ("floor", "festoon")
NEEDED = 300
"""How many times faster than Vendure's calculator at 1,000 live promotions."""
PATIENCE = 300
"""Seconds one process may take."""


class Festoon:
    """Our engine as a peer of the harness."""

    def __init__(self, promotions: list[dict[str, Any]]) -> None:
        self.book = engine.book_of(promotions)

    def prepare(self, cart: dict[str, Any]) -> Facts:
        """JSON into facts and nothing else."""
        return read_facts(engine.cart_of(cart))

    def price(self, facts: Facts) -> int:
        """The discount, after everything was made that an order keeps."""
        quote = price(self.book, facts)
        quote.shares()
        return quote.discount


def as_a_peer(arguments: list[str]) -> None:
    """Runs the harness's own loop over one of OURS: `festoon|floor WORKLOAD LIVE SECONDS SIZES` or `… check`."""
    harness = importlib.import_module("py_peers")
    harness.PEERS["festoon"] = Festoon
    sys.argv = ["py_peers.py", *arguments]
    harness.main()


class Installed:
    """Where the peers are, and which of them answer rightly."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workload = folder, folder / "workload.json"

    def command(self, peer: str, *arguments: str) -> list[str]:
        """How one process of a peer is started."""
        if peer in OURS:
            return [sys.executable, __file__, "--as", peer, str(self.workload), *arguments]
        node = PEERS[peer][1] == "node"
        program, script = ("node", "node_peers.cjs") if node else (str(self.folder / "venv/bin/python"), "py_peers.py")
        return [program, str(engine.PEERS / script), peer, str(self.workload), *arguments]

    def run(self, peer: str, *arguments: str) -> dict[str, Any] | str:
        """What the process said last, or why it said nothing."""
        around = {**os.environ, "PEERS_DIR": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                self.command(peer, *arguments), env=around, capture_output=True, text=True, timeout=PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            return str(fault)
        last = done.stdout.strip().splitlines()[-1:] or [""]
        if not last[0].startswith("{"):
            return (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        found: dict[str, Any] = json.loads(last[0])
        return f"wrong on {found['bad']}" if found.get("bad") else found


def installed() -> Installed:
    """The peers as the harness's set-up leaves them; installs them where that was not done yet."""
    harness = b"".join((engine.PEERS / name).read_bytes() for name in ("setup.sh", "workload.py"))
    mark = hashlib.sha256(harness).hexdigest()[:12]
    named = os.environ.get("FESTOON_PEERS_INSTALLED")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / f"festoon-peers-{mark}"
    if not (folder / "workload.json").exists():
        _install(folder)
    return Installed(folder)


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which("npm") is None:
        _say("no npm on this machine: Vendure and Medusa cannot be installed")
    log = folder / "setup.log"
    _say(f"installing the peers into {folder}, once, about three minutes; what it says is in {log.name}")
    began = time.monotonic()
    with log.open("w") as told:
        run = subprocess.Popen(
            [engine.PEERS / "setup.sh"], env={**os.environ, "BENCH_TMP": str(folder)}, stdout=told, stderr=told
        )
        while run.poll() is None:
            time.sleep(1)
            if int(time.monotonic() - began) % 15 == 0:
                _say(f"  installing … {time.monotonic() - began:.0f} s, {sum(1 for _ in folder.iterdir())} parts begun")
    if run.returncode:
        _say(f"the set-up ended with {run.returncode}; what is there is measured ({log})")
        subprocess.run([sys.executable, engine.PEERS / "workload.py", folder / "workload.json"], check=True)


def right(found: Installed) -> list[str]:
    """The peers that give the hand-computed answers; ours must."""
    taken = []
    for peer in (*OURS, *PEERS):
        said = found.run(peer, "check")
        if isinstance(said, dict):
            taken.append(peer)
            continue
        if peer in OURS:
            sys.exit(f"bench: {peer}: {said}")
        _say(f"{PEERS[peer][0]} is left out: {said}")
    return taken


def rounds_of(found: Installed, peers: list[str], rounds: int) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """What every process measured, by peer and number of live promotions."""
    table: dict[tuple[str, int], list[dict[str, Any]]] = {}
    work = [(live, peer) for _ in range(rounds) for live in LIVE for peer in peers]
    began = time.monotonic()
    for done, (live, peer) in enumerate(work, 1):
        said = found.run(peer, str(live), SECONDS, LINES)
        if isinstance(said, str):
            _say(f"{peer} at {live} live failed: {said}")
            continue
        table.setdefault((peer, live), []).append(said["runs"][LINES])
        cost = said["runs"][LINES]["cpu_us"]
        spent = f"{time.monotonic() - began:4.0f} s"
        _say(f"[{done:2}/{len(work)} {spent}] {peer:10} {live:6} live: {cost:11.1f} us a cart")
    return table


def figures(table: dict[tuple[str, int], list[dict[str, Any]]], peers: list[str]) -> list[dict[str, Any]]:
    """How many times faster than each peer; and, against the floor, how many times slower."""
    rows = [_row("floor", live, table) for live in LIVE if ("floor", live) in table]
    rows += [_row(peer, live, table) for peer in peers if peer not in OURS for live in LIVE if (peer, live) in table]
    return rows


def _row(peer: str, live: int, table: dict[tuple[str, int], list[dict[str, Any]]]) -> dict[str, Any]:
    """One figure; the ratio is the median of the rounds' own, so that both sides had the same minutes."""
    ours = [one["cpu_us"] for one in table["festoon", live]]
    theirs = [one["cpu_us"] for one in table[peer, live]]
    slower = peer == "floor"
    ratio = median(a / b if slower else b / a for a, b in zip(ours, theirs, strict=False))
    agreed = {one["first_discount"] for who in ("festoon", peer) for one in table[who, live]}
    name = "price_to_floor" if slower else f"price_vs_{peer.removesuffix('-mem').removesuffix('-rs')}"
    return {
        "name": f"{name}_{live}_live",
        "value": round(ratio, 2),
        "unit": "times the floor's cost" if slower else "times faster",
        "anchor": peer,
        "anchor_value": round(median(theirs), 2),
        "ratio": round(ratio, 3),
        "ours_us": round(median(ours), 2),
        "rounds": len(theirs),
        "same_discount": len(agreed) == 1,
    }


def main() -> int:
    if not (engine.PEERS / "py_peers.py").exists():
        print(f"bench: no peers here: no py_peers.py in {engine.PEERS}; FESTOON_PEERS names the folder of the harness")
        return 2
    sys.path.insert(0, str(engine.PEERS))
    sys.dont_write_bytecode = True
    if sys.argv[1:2] == ["--as"]:
        as_a_peer(sys.argv[2:])
        return 0
    found = installed()
    peers = right(found)
    _say(f"hand-checked cases exact for {', '.join(peers)}")
    rows = figures(rounds_of(found, peers, int(sys.argv[1]) if len(sys.argv) > 1 else 3), peers)
    print(
        f"\n20 lines, CPU a cart; Festoon with verdicts and the shares of every unit\n{'':32}{'Festoon':>10}{'peer':>13}"
    )
    for row in rows:
        told = f"{row['ours_us']:8.1f} us{row['anchor_value']:10.1f} us   {row['value']:10.2f} {row['unit']}"
        print(f"{row['name']:32}{told}{'' if row['same_discount'] else '   (another discount)'}")
    for row in rows:
        if row["name"] == "price_vs_vendure_1000_live":
            print(
                f"{row['name']}: {row['value']:.0f}, {NEEDED} needed: {'met' if row['value'] >= NEEDED else 'NOT met'}"
            )
    missing = [PEERS[peer][0] for peer in PEERS if peer not in peers]
    if missing:
        print(f"not measured: {', '.join(missing)}")
    print(f"written to {written('peers', rows)}")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
