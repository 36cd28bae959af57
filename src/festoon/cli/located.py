"""A YAML or JSON file with the line of every field, so that a problem can say where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, ClassVar

import yaml

from festoon.base.problems import Path, Problem

MOST_BYTES = 8_000_000
MOST_DEPTH = 50
"""Deeper than any offer; a reader that follows every bracket runs out of its own stack."""


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
_resolve("int", r"^-?(?:0|[1-9][0-9]{0,30})$", "-0123456789")  # a longer one is no amount of anything
_resolve("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", "-0123456789")


def read_located(file: str) -> Located:
    """The file with its lines. Raises Unreadable, or OSError."""
    size = File(file).stat().st_size
    if size > MOST_BYTES:
        raise Unreadable(0, f"is {size} bytes, more than {MOST_BYTES}")
    loader = _Loader(File(file).read_text(encoding="utf-8"))
    try:
        located = Located(file, None)
        loader.get_event()  # the stream begins
        if not loader.check_event(yaml.StreamEndEvent):
            loader.get_event()  # the document begins
            located.data = _value(loader, loader.get_event(), (), located.lines)
            loader.get_event()  # the document ends
            if not loader.check_event(yaml.StreamEndEvent):
                raise Unreadable(_line(loader.get_event()), "holds a second document; one file is one document")
        return located
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        raise Unreadable(mark.line + 1 if mark else 0, fault.problem or "is not YAML") from fault
    except yaml.YAMLError as fault:
        raise Unreadable(0, f"is not YAML: {fault}") from fault
    finally:
        loader.dispose()


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _value(loader: Any, event: Any, path: Path, lines: dict[Path, int]) -> Any:
    """The value that begins with an event. An alias is refused: a small file of them can be made to grow without end."""
    lines[path] = _line(event)
    if isinstance(event, yaml.AliasEvent):
        raise Unreadable(_line(event), "is repeated by an alias; write it out")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(loader, event)
    if len(path) >= MOST_DEPTH:
        raise Unreadable(_line(event), f"is nested deeper than {MOST_DEPTH}")
    if isinstance(event, yaml.SequenceStartEvent):
        found: list[Any] = []
        while not loader.check_event(yaml.SequenceEndEvent):
            found.append(_value(loader, loader.get_event(), (*path, len(found)), lines))
        loader.get_event()
        return found
    return _mapping(loader, path, lines)


def _mapping(loader: Any, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not loader.check_event(yaml.MappingEndEvent):
        key = loader.get_event()
        name = _scalar(loader, key) if isinstance(key, yaml.ScalarEvent) else None
        if not isinstance(name, str):
            raise Unreadable(_line(key), f"the field name {name!r} must be a text")
        if name in found:
            raise Unreadable(_line(key), f"the field {name!r} stands twice")
        found[name] = _value(loader, loader.get_event(), (*path, name), lines)
        lines[*path, name] = _line(key)
    loader.get_event()
    return found


def _scalar(loader: Any, event: Any) -> Any:
    """A text, a whole number, true, false or nothing."""
    tag = event.tag
    if tag is None or tag == "!":
        tag = loader.resolve(yaml.ScalarNode, event.value, event.implicit)
    try:
        return loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))
    except ValueError as fault:
        raise Unreadable(_line(event), f"{event.value[:40]!r} is not what its tag says") from fault
