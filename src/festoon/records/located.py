"""A YAML or JSON file with the line of every field, so that a problem can say where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, ClassVar

import yaml

from festoon.base.problems import Path, Problem
from festoon.base.words import Words
from festoon.records.slips import NOWHERE, joined, slip, without

MOST_BYTES = 8_000_000
MOST_DEPTH = 50
"""Deeper than any offer; a reader that follows every bracket runs out of its own stack."""


EMPTY = ("alias", "tag", "slip")
"""Faults behind which what was meant is not known."""


class Unreadable(ValueError):
    """A file that is not YAML, or too large; `line` is where reading stopped, 0 when it never began."""

    def __init__(self, line: int, en: str, zh: str) -> None:
        super().__init__(en)
        self.line = line
        self.words = Words(en, zh)

    def at(self, name: str, language: str = "en") -> str:
        """offers.yaml:12: is nested deeper than 50"""
        return f"{name}:{self.line}: {self.words.in_(language)}" if self.line else f"{name}: {self.words.in_(language)}"


@dataclass
class Located:
    """What a file holds, and the line (from 1) of every field in it.

    `faults` are those of the writing itself (a field that stands twice, an alias, a foreign tag, an entry that cannot be
    read), each with its line; what it would have meant is left out, and all the rest is there.
    """

    name: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[tuple[int, Problem]] = field(default_factory=list)

    def line_at(self, place: str) -> int:
        """The line of a field as people write it: offers[3].window.end"""
        steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)
        return self.line_of(tuple(int(number) if number else name for number, name in steps))

    def told(self, problems: Iterable[Problem] = (), language: str = "en") -> list[str]:
        """Every fault of the writing and every one of the `problems` of what is written, in the order of their lines.

        Where a fault left nothing to look at, what is wrong with nothing is not told.

        offers.yaml:12: offers[0].window.end: must be after the start
        """
        known = {problem.path for _, problem in self.faults if problem.code in EMPTY}
        found = [*self.faults, *((self.line_of(each.path), each) for each in problems if each.path not in known)]
        return [self._line(line, problem, language) for line, problem in sorted(found, key=lambda each: each[0])]

    def line_of(self, path: Path) -> int:
        """The line of a field; of a missing one, the line of what it is missing from."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def _line(self, line: int, problem: Problem, language: str) -> str:
        where = f"{problem.field}: " if problem.path else ""
        return f"{self.name}:{line}: {where}{problem.words.in_(language)}"


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


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile(r"[\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\u3000\ufeff]")
"""Blanks and signs that look like nothing or like a blank: in a name they are never meant."""
_OURS = {None, "!", *(f"tag:yaml.org,2002:{name}" for name in ("seq", "map", "str", "int", "bool", "null", "float"))}


def read_located(file: str) -> Located:
    """The file with its lines. Raises Unreadable, or OSError."""
    size = File(file).stat().st_size
    if size > MOST_BYTES:
        raise Unreadable(0, f"is {size} bytes, more than {MOST_BYTES}", f"大小为 {size} 字节，超过上限 {MOST_BYTES}")
    data = File(file).read_bytes()
    try:
        return read_text(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise Unreadable(line, "is not UTF-8; save it as UTF-8", "不是 UTF-8 编码，请另存为 UTF-8") from fault


def read_text(text: str, name: str = "") -> Located:
    """What a text holds, with its lines. Raises Unreadable."""
    if bad := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        raise Unreadable(line, f"holds the sign {bad[0]!r}, which no text has", f"含有不可用的字符 {bad[0]!r}")
    text = joined(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        return _loaded(text, name)
    except yaml.MarkedYAMLError as fault:
        return _around(text, name, Unreadable(*_slip(fault, text)))
    except yaml.YAMLError as fault:
        raise Unreadable(0, str(fault), f"不是有效的 YAML（{fault}）") from fault


def _loaded(text: str, name: str) -> Located:
    loader = _Loader(text)
    try:
        return _read(loader, Located(name, None))
    finally:
        loader.dispose()


def _slip(fault: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    line, words = slip(fault, text.split("\n"))
    return line, words.en, words.zh


def _around(text: str, name: str, first: Unreadable) -> Located:
    """What can be read around the entries that cannot, which are faults. Raises the first when there is nothing else."""
    rest, slips = without(text, _Loader)
    if not slips:
        raise first
    try:
        found = _loaded(rest, name)
    except yaml.MarkedYAMLError as fault:
        found = Located(name, None, {(): 1})
        slips.append((1, slip(fault, rest.split("\n"))))
    emptied = {begin for begin, _ in slips}
    entries = {line: path for path, line in found.lines.items() if line in emptied}
    for begin, (line, words) in slips:
        code = "tab" if begin == NOWHERE else "slip"
        found.faults.append((line, Problem(entries.get(begin, ()), code, words)))
    return found


def _read(loader: Any, located: Located) -> Located:
    loader.get_event()  # the stream begins
    if loader.check_event(yaml.StreamEndEvent):
        return located
    loader.get_event()  # the document begins
    located.data = _value(loader, loader.get_event(), (), located)
    loader.get_event()  # the document ends
    if not loader.check_event(yaml.StreamEndEvent):
        line = _line(loader.get_event())
        raise Unreadable(line, "holds a second document; one file is one document", "含有第二个文档，一个文件只写一个")
    return located


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _value(loader: Any, event: Any, path: Path, located: Located) -> Any:
    """The value that begins with an event. An alias is a fault: a small file of them can be made to grow without end."""
    located.lines[path] = _line(event)
    if isinstance(event, yaml.AliasEvent):
        return _fault(located, event, path, "alias", "is repeated by an alias; write it out", "使用了别名，请写出内容")
    if event.tag not in _OURS:
        _fault(
            located, event, path, "tag", f"has the tag {event.tag}; write it without", f"带有标签 {event.tag}，请去掉"
        )
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(loader, event, path, located)
    if len(path) >= MOST_DEPTH:
        raise Unreadable(_line(event), f"is nested deeper than {MOST_DEPTH}", f"嵌套超过 {MOST_DEPTH} 层")
    if isinstance(event, yaml.SequenceStartEvent):
        found: list[Any] = []
        while not loader.check_event(yaml.SequenceEndEvent):
            found.append(_value(loader, loader.get_event(), (*path, len(found)), located))
        loader.get_event()
        return found
    return _mapping(loader, path, located)


def _mapping(loader: Any, path: Path, located: Located) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not loader.check_event(yaml.MappingEndEvent):
        key = loader.get_event()
        name = _scalar(loader, key, path, located) if isinstance(key, yaml.ScalarEvent) else None
        if isinstance(name, str) and (unseen := _UNSEEN.search(name)):
            _fault(located, key, path, "unseen", *_unseen(name, unseen[0]))
        elif isinstance(name, str) and name not in found:
            found[name] = _value(loader, loader.get_event(), (*path, name), located)
            located.lines[*path, name] = _line(key)
            continue
        elif isinstance(name, str):
            _fault(located, key, (*path, name), "twice", "stands twice", "重复出现")
        else:
            _fault(
                located, key, path, "not_a_name", f"the field name {name!r} must be a text", f"字段名 {name!r} 须为文字"
            )
            _pass_over(loader, key)
        _pass_over(loader, loader.get_event())
    loader.get_event()
    return found


def _unseen(name: str, sign: str) -> tuple[str, str]:
    which = f"U+{ord(sign):04X}"
    return (
        f"the field name {name!r} holds a blank or sign that is not seen ({which}); type it anew",
        f"字段名 {name!r} 含有不可见字符（{which}），请重新输入",
    )


def _pass_over(loader: Any, event: Any) -> None:
    """Go on behind the value that begins with `event`."""
    depth = 0
    while True:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth == 0:
            return
        event = loader.get_event()


def _scalar(loader: Any, event: Any, path: Path, located: Located) -> Any:
    """A text, a whole number, true, false or nothing."""
    tag = event.tag if event.tag in _OURS else None
    if tag is None or tag == "!":
        tag = loader.resolve(yaml.ScalarNode, event.value, event.implicit)
    try:
        return loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))
    except (ValueError, KeyError):
        return _fault(
            located,
            event,
            path,
            "tag",
            f"{event.value[:40]!r} is not what its tag says",
            f"{event.value[:40]!r} 与标签不符",
        )


def _fault(located: Located, event: Any, path: Path, code: str, en: str, zh: str) -> None:
    located.faults.append((_line(event), Problem(path, code, Words(en, zh))))
