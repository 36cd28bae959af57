"""A file in which everything is wrong that operators get wrong: told in one go, each with its file, line and field."""

import json
import resource
import subprocess
import sys
import time

import pytest

from festoon.cli.main import main
from festoon.records.located import Unreadable, read_located, read_text
from festoon.rulebook.book import BookErrors, read_book
from festoon.rulebook.doubts import doubts

BAD = """\
festoon: 1
currency: CNY
offers:
  - code: negative
    type: amount
    with: {off: -500}
  - code: tiers
    type: spend_and_save
    with:
      tiers:
        - {at: 50000, off: 10000}
        - {at: 30000, off: 5000}
  - code: nothing
    type: percent
    with: {basis_points: 1000}
    scope: {}
  - code: nine-hundred
    type: percent
    with: {basis_points: 90000}
  - code: percent-as-text
    type: percent
    with: {basis_points: 9%}
  - code: half
    type: percent
    with: {basis_points: 12.5}
  - code: huge
    type: amount
    with: {off: 99999999999999999999999999999999999999999999}
  - code: payers
    type: percent
    with: {basis_points: 1000}
    payers:
      - {payer: platform, basis_points: 6000}
      - {payer: merchant, basis_points: 3000}
  - code: payers
    type: percnt
    kind: cupon
    window: {start: 2026-12-15, end: 2026-12-10, zone: Mars/Base}
exclusions:
  - {code: x1, between: [negativ, tiers]}
  - {code: x1, between: [tiers]}
distributions:
  - {code: d1, offers: [nobody]}
"""
TOLD = [
    (6, "offers[0].with.off"),
    (10, "offers[1].with.tiers"),
    (16, "offers[2].scope"),
    (19, "offers[3].with.basis_points"),
    (22, "offers[4].with.basis_points"),
    (25, "offers[5].with.basis_points"),
    (28, "offers[6].with.off"),
    (32, "offers[7].payers"),
    (35, "offers[8].code"),
    (36, "offers[8].type"),
    (37, "offers[8].kind"),
    (38, "offers[8].window.zone"),
    (40, "exclusions[0].between[0]"),
    (41, "exclusions[1].between"),
    (43, "distributions[0].offers[0]"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_error_is_told_with_its_file_line_and_field(tmp_path, capsys, language):
    file = tmp_path / "offers.yaml"
    file.write_text(BAD)
    assert main(["check", str(file), "--words", language]) == 1
    lines = capsys.readouterr().err.splitlines()
    told = [tuple(line.removeprefix(f"{file}:").split(": ")[:2]) for line in lines]
    assert [(int(line), field) for line, field in told] == TOLD
    assert main(["price", "--offers", str(file), "-"]) == 1, "nothing is priced under a bad file"


def test_a_file_of_ten_megabytes_is_refused_at_once(tmp_path, capsys):
    file = tmp_path / "offers.yaml"
    file.write_text(BAD.replace("exclusions:", "#" * 100 + "\n" * 10_000_000 + "exclusions:"))
    started = time.process_time()
    assert main(["check", str(file)]) == 1
    assert "more than 8000000" in capsys.readouterr().err
    assert time.process_time() - started < 0.5


def test_a_file_of_strangers_is_told_to_the_last_and_in_time():
    offers = [{"code": f"offer-{n}", "type": "percent", "with": {"basis_points": 1}} for n in range(3000)]
    exclusions = [{"code": f"x{n}", "between": [f"ofer-{n}", f"offr-{n}"]} for n in range(6000)]
    started = time.process_time()
    with pytest.raises(BookErrors) as found:
        read_book({"festoon": 1, "currency": "CNY", "offers": offers, "exclusions": exclusions})
    assert len(found.value.problems) == 12_000
    assert "did you mean" in found.value.problems[0].words.en
    assert time.process_time() - started < 20


def test_a_large_file_is_read_in_bounded_memory(tmp_path):
    file = tmp_path / "offers.yaml"
    rows = "".join([f"  - {{code: o{n}, type: percent, with: {{basis_points: 1000}}}}\n" for n in range(20_000)])
    file.write_text("festoon: 1\ncurrency: CNY\noffers:\n" + rows)

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000))

    command = [sys.executable, "-m", "festoon.cli", "check", str(file)]
    ended = subprocess.run(command, preexec_fn=little, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "20000 offers in order" in ended.stdout


SLIPS = """\
festoon: 1
currency: CNY
offers:
  - code: "a b/<script>"
    type: percent
    with: {basis_points: 1000}
    scope: {sku: [s], except: {sku: [s, t]}}
    payers: [{payer: "merchant:", basis_points: 5000}, {payer: Platform, basis_points: 5000}]
    when: [{least_spend: {amount: 500}}, {most_spend: {amount: 100}}]
  - {code: two, type: amount, with: {off: 500}, campaign: double-12}
exclusions:
  - {code: x1, between: ["a b/<script>", two]}
  - {code: x2, between: [two, "a b/<script>"]}
distributions:
  - {code: d1, campaign: nowhere, channels: [app]}
"""


def test_what_reads_well_and_cannot_be_meant_is_told_too(tmp_path, capsys):
    file = tmp_path / "offers.yaml"
    file.write_text(SLIPS)
    assert main(["check", str(file)]) == 1
    told = [line.removeprefix(f"{file}:").split(": ")[:2] for line in capsys.readouterr().err.splitlines()]
    assert told == [
        ["4", "offers[0].code"], ["7", "offers[0].scope.except.sku"], ["8", "offers[0].payers[0].payer"],
        ["8", "offers[0].payers[1].payer"], ["9", "offers[0].when[0].least_spend"], ["13", "exclusions[1].between"],
        ["15", "distributions[0].campaign"],
    ]  # fmt: skip
    assert read_book(read_located(str(file)).data), "what was agreed on stays readable"


def test_slips_are_looked_for_in_whatever_a_file_holds():
    odd = [None, 5, "x", [], ["x"], {}, {"a": 1}]
    for value in odd:
        offer = dict.fromkeys(("code", "name", "payers", "scope", "when", "campaign"), value)
        row = dict.fromkeys(("code", "between", "grain", "window", "campaign", "offers"), value)
        assert isinstance(doubts({"offers": [offer, value], "exclusions": [row, value], "distributions": [row]}), list)
        assert isinstance(doubts(value), list)
        assert isinstance(doubts({"offers": value, "exclusions": value, "distributions": value}), list)


def told(**file):
    """What is doubted about codes and the currency of a file."""
    return [(p.field, p.code) for p in doubts({"festoon": 1, "currency": "CNY", **file})]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("pr\u043emo", ["mixed", "alike"]),  # a Cyrillic letter
        ("pro\u200bmo", ["hidden", "alike"]),  # a space without width
        ("\u202epromo", ["hidden", "alike"]),  # what follows is read from the right
        ("\uff30\uff32\uff2f\uff2d\uff2f", ["alike"]),  # full width
        ("Promo", ["alike"]),
        ("promo-\u6625", []),
    ],
)
def test_a_code_that_passes_for_another_is_doubted(code, said):
    assert told(offers=[{"code": "promo"}, {"code": code}]) == [("offers[1].code", each) for each in said]


def test_one_name_composed_in_two_ways_is_doubted():
    assert told(exclusions=[{"code": "caf\u00e9"}, {"code": "cafe\u0301"}]) == [("exclusions[1].code", "alike")]


def test_codes_of_ten_thousand_offers_are_looked_at_quickly():
    offers = [{"code": f"\u4f18\u60e0-{n}"} for n in range(10_000)]
    began = time.process_time()
    assert told(offers=offers) == []
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("code", "meant"), [("RMB", "CNY"), ("CNH", "CNY"), ("EUE", "EUR"), ("CNY", None), ("XOF", None)]
)
def test_a_currency_that_does_not_exist_is_doubted(code, meant):
    said = [p.words.en for p in doubts({"currency": code})]
    assert said == ([f"is no currency of ISO 4217; did you mean {meant}?"] if meant else [])


UNREAD = """\
festoon: 1
currency: CNY
offers:
  - {code: open, type: percent, with: {basis_points: 1000}
  - {code: far, type: percent, with: {basis_points: 90000}}
  - code： wide
    type: percent
  - code: said
    name: {en: "the best, zh: 最好}
    type: percent
    with: {basis_points: 1000}
  - code: indented
   type: percent
  - {code: e\u00a0f, ty\u200bpe: percent, with: {basis_points: 1000}}
\t- {code: tab, type: percent, with: {basis_points: 1000}}
  - {code: near, type: percnt, with: {basis_points: 1000}}
exclusions:
  - {code: x1, between: [far, near]}
  - {code: x2, between: [far, open], reason: @none}
"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_entry_that_cannot_be_read_hides_no_other(tmp_path, capsys, language):
    file = tmp_path / "offers.yaml"
    file.write_text(UNREAD)
    assert main(["check", str(file), "--words", language]) == 1
    told = [line.removeprefix(f"{file}:").split(": ") for line in capsys.readouterr().err.splitlines()]
    assert [(line, where) for line, where, *_ in told if line != "15"] == [
        ("4", "offers[0]"), ("5", "offers[1].with.basis_points"), ("6", "offers[2]"), ("9", "offers[3]"),
        ("13", "offers[4]"), ("14", "offers[5]"), ("14", "offers[5].type"), ("14", "offers[5].code"), ("16", "offers[7].type"),
        ("19", "exclusions[1]"),
    ]  # fmt: skip
    assert [len(line) for line in told if line[0] == "15"] == [2], (
        "the tab is told, and the entry behind it is in order"
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("festoon: 1\n\toffers: []\n", 2, "tab"),
        ("festoon: 1\ncurrency： CNY\noffers: []\n", 2, "full-width"),
        ('festoon: 1\ncurrency: "CNY\noffers: []\n', 2, "quotation"),
        ('{"festoon": 1,\n\t"currency": "CNY"\n\t"offers": []}\n', 1, "bracket"),
    ],
)
def test_what_keeps_a_file_from_being_read_is_said_in_words(text, line, says):
    assert (line, True) in [(at, says in words) for at, words in unread(text)]


def unread(text: str) -> list[tuple[int, str]]:
    try:
        return [(at, each.words.en) for at, each in read_text(text).faults]
    except Unreadable as fault:
        return [(fault.line, fault.words.en)]


def test_signs_written_in_halves_are_read_as_json_writers_write_them():
    data = {"name": {"en": "\U0001f381 gift", "zh": "\\ud83d"}}
    assert read_text(json.dumps(data)).data == data
