"""Codes: no two alike, too many to guess, and a slip of the pen is noticed."""

import random
import tempfile
from pathlib import Path

import pytest

from festoon.coupons.codes import (
    AHEAD,
    LENGTH,
    OPENING,
    SIGNS,
    check_sign,
    new_code,
    new_codes,
    normal,
    plausible,
    wallet_codes,
)
from tests.prove import proving


def test_a_code_is_thirteen_signs_by_chance_and_one_that_checks_them():
    for code in new_codes(1000):
        assert len(code) == LENGTH + 1
        assert set(code) <= set(SIGNS)
        assert plausible(code)
        assert check_sign(code[:LENGTH]) == code[LENGTH]
    assert LENGTH * 5 >= 64, "random bits"


def test_a_code_of_a_wallet_begins_like_those_of_its_moment_and_has_as_many_signs_of_its_own():
    codes = wallet_codes(3 * AHEAD)
    assert len({code[:OPENING] for code in codes}) == 3, "one opening is another's once in a million"
    assert len({code[:OPENING] for code in codes[:AHEAD]}) == 1
    assert len({code[OPENING:-1] for code in codes}) == 3 * AHEAD
    for code in [new_code(), *codes]:
        assert len(code) == OPENING + LENGTH + 1
        assert set(code) <= set(SIGNS)
        assert plausible(code)


def test_no_sign_looks_like_another():
    assert len(set(SIGNS)) == 32
    assert not set("01IOilo") & set(SIGNS)


@pytest.mark.parametrize(("made", "alike"), [(new_codes, 0), (wallet_codes, OPENING)])
def test_each_sign_comes_as_often_as_any_other_in_every_place(made, alike):
    codes, most = made(32_000), 0.0
    for place in range(alike, alike + LENGTH + 1):
        column = [code[place] for code in codes]
        squares = sum((column.count(sign) - 1000) ** 2 / 1000 for sign in SIGNS)
        most = max(most, squares)
    assert most < 90, "chi-square with 31 degrees of freedom: beyond 90 less than once in ten million"


@pytest.mark.prove("codes")
def test_any_one_wrong_sign_and_any_two_that_swapped_places_are_noticed(rounds):
    for seed in rounds(small=20, large=2_000):
        chance = random.Random(seed)
        length = chance.choice((LENGTH, OPENING + LENGTH))
        signs = "".join(chance.choice(SIGNS) for _ in range(length))
        code = signs + check_sign(signs)
        for place in range(length + 1):
            for sign in SIGNS:
                slip = code[:place] + sign + code[place + 1 :]
                assert plausible(slip) is (slip == code), slip
        for first in range(length + 1):
            for second in range(first):
                swapped = list(code)
                swapped[first], swapped[second] = code[second], code[first]
                assert plausible("".join(swapped)) is (code[first] == code[second])


@pytest.mark.prove("codes")
def test_there_are_no_two_alike(rounds):
    """Ten million when proven: codes are sorted into files by their first sign, and so memory holds one in 128 at a time,
    100 MB more than before at most."""
    before = memory("VmRSS")
    with tempfile.TemporaryDirectory() as folder:
        files = {sign: (Path(folder) / sign).open("w") for sign in SIGNS}
        made = 0
        for _ in rounds(small=10, large=1_000):
            for code in wallet_codes(10_000):
                files[code[OPENING]].write(code[OPENING:] + code[:OPENING] + "\n")
                made += 1
        for file in files.values():
            file.close()
        different = 0
        for file in files.values():
            for part in (SIGNS[:8], SIGNS[8:16], SIGNS[16:24], SIGNS[24:]):
                with Path(file.name).open() as written:
                    different += len({code for code in written if code[1] in part})
    assert different == made
    assert memory("VmHWM") - before <= 100


def memory(name: str) -> int:
    """What this process has (VmRSS), or had at most (VmHWM), in MB, with all that runs tests."""
    told = Path("/proc/self/status")
    return int(told.read_text().partition(f"{name}:")[2].split()[0]) // 1024 if proving() and told.exists() else 0


def test_a_code_is_read_as_people_type_it():
    assert normal(" 2abc-defg hjk4 \t mn ") == "2ABCDEFGHJK4MN"
    assert not plausible("2ABCDEFGHJK4M")
    assert not plausible("O" * 14)
