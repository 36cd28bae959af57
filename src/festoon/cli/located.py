"""A YAML or JSON file with the line of every field, so that a problem can say where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, ClassVar

import yaml

from festoon.base.problems import Path, Problem

MOST_BYTES = 8_000_000


class Unreadable(ValueError):
    """A file that is not YAML, or too large; `line` is where reading stopped, 0 when it never began."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Located:
    """What a file holds, and the line (from 1) of every field in it."""

    name: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of a field; of a missing one, the line of what it is missing from."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, problem: Problem, language: str = "en") -> str:
        """offers.yaml:12: offers[0].window.end: must be after the start"""
        where = f"{problem.field}: " if problem.path else ""
        return f"{self.name}:{self.line_of(problem.path)}: {where}{problem.words.in_(language)}"


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML as version 1.2 reads it: `off` and `no` are texts, `010` is one too, and a date stays as it was written.

    Of the rest only whole numbers, true, false and null mean themselves.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


def _resolve(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_resolve("bool", r"^(?:true|false)$", "tf")
_resolve("null", r"^(?:null|~|)$", "n~")
_Loader.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile("^$"))]
_resolve("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789")
_resolve("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", "-0123456789")


def read_located(file: str) -> Located:
    """The file with its lines. Raises Unreadable, or OSError."""
    size = File(file).stat().st_size
    if size > MOST_BYTES:
        raise Unreadable(0, f"is {size} bytes, more than {MOST_BYTES}")
    loader = _Loader(File(file).read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        located = Located(file, None)
        if node is not None:
            located.data = _value(loader, node, (), located.lines, set())
        return located
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        raise Unreadable(mark.line + 1 if mark else 0, fault.problem or "is not YAML") from fault
    except (yaml.YAMLError, RecursionError) as fault:
        raise Unreadable(0, f"is not YAML: {fault}") from fault
    finally:
        loader.dispose()


def _value(loader: Any, node: yaml.Node, path: Path, lines: dict[Path, int], seen: set[int]) -> Any:
    """The value of a node. What an alias repeats is refused: a small file of them can be made to grow without end."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_object(node)
    if id(node) in seen:
        raise Unreadable(node.start_mark.line + 1, "is repeated by an alias; write it out")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, one, (*path, i), lines, seen) for i, one in enumerate(node.value)]
    found: dict[Any, Any] = {}
    for key, value in node.value:
        name = loader.construct_object(key)
        if not isinstance(name, str):
            raise Unreadable(key.start_mark.line + 1, f"the field name {name!r} must be a text")
        if name in found:
            raise Unreadable(key.start_mark.line + 1, f"the field {name!r} stands twice")
        found[name] = _value(loader, value, (*path, name), lines, seen)
        lines[(*path, name)] = key.start_mark.line + 1
    return found
