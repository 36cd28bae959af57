"""What is written for people is true: commands, links, and nothing that is only ours to know."""

import re

import pytest

from tests.tidy.reading import ROOT, nowhere, tracked

PAGES = [path for path in tracked() if path.suffix == ".md"]
# Words of workshops, machines and registries: a clone must mean the same wherever it lies.
PRIVATE = re.compile(
    r"/work/|\bissues show\b|\.\./shared\b|pypi\.org|pythonhosted|npmjs\.(org|com)|registry\.npm|deb\.debian"
    r"|\bclaude\b|\banthropic\b|\bchatgpt\b|\bcopilot\b",
    re.IGNORECASE,
)
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
THIS = "tests/tidy/test_papers.py"


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if (name := path.relative_to(ROOT).as_posix()) != THIS and not name.endswith((".lock", "-lock.json"))
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_names_the_place_it_was_made_in():
    nowhere(
        lines_with(PRIVATE),
        because="A clone is read on other machines, by people who know neither our paths nor our registries.",
        instead="say what it is; addresses come from each machine's own settings.",
    )


def test_nothing_is_left_for_later_in_a_comment():
    nowhere(
        lines_with(LATER),
        because="A note in the code is read by nobody who could act on it.",
        instead="do it now, or write down in docs/decisions why not.",
    )


def test_the_quick_start_is_two_commands():
    started = (ROOT / "README.md").read_text().split("## Quick start")[1].split("\n## ")[0]
    fences = re.findall(r"```.*?\n(.*?)```", started, re.DOTALL)
    assert [line for fence in fences for line in fence.splitlines() if line] == ["make demo", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    dead = [link for link in links if not re.match(r"[a-z]+:", link) and not (page.parent / link).exists()]
    assert not dead


def test_every_make_target_that_a_page_names_exists():
    known = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {(page.name, target) for page in PAGES for target in re.findall(r"`make ([a-z][a-z-]*)", page.read_text())}
    assert not {(page, target) for page, target in named if target not in known}
