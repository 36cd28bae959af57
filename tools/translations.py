"""The Chinese of the templates, without GNU gettext.

    translations.py compile    .po → .mo, where the .po is younger
    translations.py collect    adds new sentences of the templates to the .po, drops those nobody says any more

Sentences in Python code need no catalogue: they are Words, in both languages beside each other.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "festoon"
CATALOGUE = SOURCE / "console" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

Message = str | tuple[str, ...]
"""A sentence, or a singular with its plural."""


def sentences() -> Iterator[tuple[Message, str, int]]:
    """Every sentence the doors ask gettext for: the sentence, its file under src/festoon, its line."""
    if not settings.configured:
        settings.configure()
    for path in sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt"), *SOURCE.rglob("*.py")]):
        text = path.read_text()
        # A template becomes Python-like calls of gettext, which Babel then reads like any other source; what is
        # left of the markup in between would not be Python, so only the calls are kept, line by line.
        code = text if path.suffix == ".py" else "\n".join(map(_calls, templatize(text).splitlines()))
        for line, message, _, _ in extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS):
            yield message, str(path.relative_to(SOURCE)), line


KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_CALL = re.compile(r"""\b(?:n|p)?gettext(?:_lazy)?\((?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"|[\s,]|count)+\)""")


def _calls(line: str) -> str:
    line = re.sub(r"(?<!\w)_\(", "gettext(", line)
    return "; ".join(match.group() for match in _CALL.finditer(line))


def catalogue() -> Catalog:
    """The Chinese catalogue as it is; an empty one when there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", project="festoon", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def collect() -> None:
    """Brings the catalogue level with the templates; Chinese already written stays."""
    found = Catalog(locale="zh_Hans")
    for message, file, _ in sentences():
        # File names without line numbers: a moved line changes no catalogue.
        found.add(message, locations=[(file, 0)])
    merged = catalogue()
    merged.update(found, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    merged.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as target:
        write_po(target, merged, width=120, sort_output=True, include_lineno=False, omit_header=False)
    print(f"{len(merged)} sentences, {sum(not entry.string for entry in merged if entry.id)} without Chinese")


def compile_all() -> None:
    """Writes the .mo that Django reads, unless it is younger than its .po."""
    for source in SOURCE.rglob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as file:
                content = read_po(file, locale=source.parent.parent.name)
            with target.open("wb") as file:
                write_mo(file, content)


if __name__ == "__main__":
    {"compile": compile_all, "collect": collect}[sys.argv[1]]()
