"""Everything people read is there in English and Chinese."""

import ast
import re
from html.parser import HTMLParser

import pytest

from tests.tidy.reading import SOURCE, dotted, nowhere, python_files
from tools import translations

CHINESE = re.compile(r"[㐀-鿿]")
TEMPLATES = sorted(SOURCE.rglob("*.html"))
SAID_AS_THEY_ARE = {"Festoon", "English", "中文", "简体中文"}
"""Names that are the same in both languages."""
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
"""theme-0: a class or a code, which nobody reads."""


def test_words_hold_both_languages():
    def wrong(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call) or dotted(node.func).split(".")[-1] != "Words":
            return False
        given = {word.arg: word.value for word in node.keywords} | dict(zip(("en", "zh"), node.args, strict=False))
        said = {language: value.value for language, value in given.items() if isinstance(value, ast.Constant)}
        en, zh = said.get("en"), said.get("zh")
        if not isinstance(en, str) or not isinstance(zh, str):
            return False
        return bool(CHINESE.search(en)) or (bool(re.search(r"[a-z]{3}", en)) and not CHINESE.search(zh))

    nowhere(
        [place for file in python_files() for place in file.lines_where(wrong)],
        because="One language stands where both should.",
        instead='Words("in English", "用中文"), or `same(…)` for a name or a code.',
    )


def test_every_sentence_of_a_screen_has_its_chinese():
    known = translations.catalogue()
    nowhere(
        sorted(
            {
                f"{file}: {message!r}"
                for message, file, _ in translations.sentences()
                if not (entry := known.get(message)) or not entry.string or not all(entry.string)
            }
        ),
        because="A Chinese screen would show English here.",
        instead="run `make words`, then write the Chinese into the catalogue.",
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_template_says_nothing_past_the_catalogue(path):
    nowhere(
        [f"line {line}: {text!r}" for line, text in bare_texts(path.read_text())],
        because="Text written straight into a template stays English on a Chinese screen.",
        instead="{% translate %} or {% blocktranslate %}; a value comes as {{ … }}.",
    )


def bare_texts(template: str) -> list[tuple[int, str]]:
    """Words in text or in attributes that people read, outside of every template tag: with their lines."""
    template = re.sub(r"{% *comment.*?endcomment *%}|{#.*?#}", _blank, template, flags=re.DOTALL)
    template = re.sub(r"{% *blocktrans.*?endblocktrans(late)? *%}", _blank, template, flags=re.DOTALL)
    template = re.sub(r"{%.*?%}|{{.*?}}", _blank, template, flags=re.DOTALL)
    reader = _Reader()
    reader.feed(template)
    return [(line, text) for line, text in reader.found if any(map(_is_read, text.split()))]


def _is_read(word: str) -> bool:
    word = word.strip("·—,.:")
    return bool(re.search(r"[^\W\d_]{2}", word)) and word not in SAID_AS_THEY_ARE and not CODE.fullmatch(word)


def _blank(match: re.Match[str]) -> str:
    """A number, so that an attribute keeps a value, and the lines that were there."""
    return "0" + "\n" * match.group().count("\n")


class _Reader(HTMLParser):
    READ = {"title", "alt", "placeholder", "aria-label", "label", "heading", "subtitle", "help", "empty"}
    SILENT = {"script", "style", "code", "pre", "c-vars", "svg"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT and tag != "c-vars":
            self._silent += 1
        if tag != "c-vars":
            self.found += [(self.getpos()[0], value) for name, value in attrs if name in self.READ and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "c-vars":
            self.found += [(self.getpos()[0], value) for name, value in attrs if name in self.READ and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append((self.getpos()[0], data.strip()))


def test_the_reader_of_templates_sees_what_people_see():
    seen = bare_texts(
        '{% load i18n %}<p title="Tip">Bare <b>{% trans "fine" %}</b> {{ name }} 3 <code>curl</code> Festoon</p>\n'
        '<input placeholder="{% trans "fine" %}">{% blocktrans %}fine{% endblocktrans %}\n<i aria-label="Close"></i>'
    )
    assert seen == [(1, "Tip"), (1, "Bare"), (3, "Close")]
