"""festoon: one program with a command a file.

Every file of this folder that defines `add(subparsers)` and `run(given)` is a command. The file is imported only when its
command is asked for, so `festoon price` knows nothing of databases.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
SAYS = "a marketing center: plan, compose, review, issue, sell, look back"


def commands() -> dict[str, str]:
    """Every command with the first line of its file's docstring."""
    found = {}
    for file in sorted(FOLDER.glob("[a-z]*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if {"add", "run"} <= names:
            found[file.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the answer is the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    known = commands()
    parser = argparse.ArgumentParser(prog="festoon", description=SAYS)
    subparsers = parser.add_subparsers(dest="command", metavar="command", required=True)
    asked = given[0] if given else ""
    if asked in known:
        importlib.import_module(f"festoon.cli.{asked}").add(subparsers)
    else:
        for name, says in known.items():
            subparsers.add_parser(name, help=says.partition(": ")[2].rstrip(".") or says, add_help=False)
    parsed = parser.parse_args(given)
    try:
        status: int = importlib.import_module(f"festoon.cli.{parsed.command}").run(parsed)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    return status


if __name__ == "__main__":
    sys.exit(main())
