"""How the house rules read the source: parsed files, and a refusal that says where, why and what instead."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "festoon"


@dataclass(frozen=True)
class File:
    """One Python file of the product."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its path under src/festoon, as rules and allow-lists write it."""
        return self.path.relative_to(SOURCE).as_posix()

    @property
    def room(self) -> str:
        return self.name.split("/")[0]

    def lines_where(self, wrong: Callable[[ast.AST], bool]) -> Iterator[str]:
        """`name:line` of every node the rule refuses."""
        for node in ast.walk(self.tree):
            if wrong(node):
                yield f"{self.name}:{getattr(node, 'lineno', 1)}"


@cache
def python_files() -> tuple[File, ...]:
    """Every file of the product but migrations, which Django writes."""
    paths = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    return tuple(File(path, text := path.read_text(), ast.parse(text)) for path in paths)


def files(*, rooms: set[str] | None = None, without: set[str] = frozenset()) -> list[File]:  # type: ignore[assignment]
    """The files of these rooms (default all), less those rooms or files."""
    return [
        file
        for file in python_files()
        if (rooms is None or file.room in rooms) and file.room not in without and file.name not in without
    ]


@cache
def tracked() -> tuple[Path, ...]:
    """Every text file git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(path for name in names if (path := ROOT / name).is_file() and path.suffix not in {".png", ".jpg"})


def dotted(node: ast.AST) -> str:
    """`timezone.now` for the expression that says so; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def nowhere(places: list[str], *, because: str, instead: str) -> None:
    """Passes when a rule found nothing; else tells all places, the reason and the way out."""
    assert not places, "\n  ".join([f"{because}\n  Instead: {instead}\n", *places])
