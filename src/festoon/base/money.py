"""Money is whole minor units; percents are basis points. Nothing here knows a float."""

from __future__ import annotations

from typing import Final

MOST = 10**15
"""The largest amount accepted anywhere, in minor units. Above it something is wrong with the input."""

WHOLE: Final = 10_000
"""Basis points in one hundred percent."""

MODES = ("half_up", "half_even", "floor", "ceiling")

_IN_USE = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW
UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_IN_USE.split())
"""The currencies of ISO 4217 that are in use, and the units of account that countries have beside them."""

# Currencies whose minor unit is not a hundredth (ISO 4217).
_PLACES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {code: places for places, codes in _PLACES.items() for code in codes.split()}


def rounded(numerator: int, denominator: int, mode: str = "half_up") -> int:
    """`numerator / denominator` as a whole number; both are non-negative, `mode` is one of MODES."""
    whole, rest = divmod(numerator, denominator)
    if not rest or mode == "floor":
        return whole
    if mode == "ceiling":
        return whole + 1
    twice = 2 * rest
    if twice == denominator:
        return whole + 1 if mode == "half_up" or whole % 2 else whole
    return whole + 1 if twice > denominator else whole


def share(amount: int, weights: list[int]) -> list[int]:
    """`amount` split in proportion to `weights` by largest remainder; the parts sum to it exactly.

    Equal remainders go to the earlier part. All weights zero: nothing can be split, every part is 0.
    """
    whole, n = sum(weights), len(weights)
    if not whole:
        return [0] * n
    if n == 1:
        return [amount]
    if n == 2:
        part = (2 * amount * weights[0] + whole) // (2 * whole)
        return [part, amount - part]
    rests = [amount * w % whole for w in weights]
    missing = sum(rests) // whole
    if not missing:
        return [amount * w // whole for w in weights]
    least = sorted(rests)[-missing]  # of the remainders that are rounded up
    up = whole - least
    parts = [(amount * w + up) // whole for w in weights]
    over = sum(parts) - amount
    if over:  # several parts have that very remainder: the last ones are not rounded up
        _take_back(parts, rests, least, over)
    return parts


def _take_back(parts: list[int], rests: list[int], rest: int, over: int) -> None:
    """One less for the last so many parts that have a remainder."""
    for i in range(len(parts) - 1, -1, -1):
        if over and rests[i] == rest:
            parts[i] -= 1
            over -= 1


def share_within(amount: int, weights: list[int], rooms: list[int]) -> list[int]:
    """As `share`, but no part exceeds its room: what one cannot take goes to the others while they have room.

    Raises ValueError for less than nothing: it could be dealt out for ever.
    """
    parts = [0] * len(weights)
    amount = min(amount, sum(rooms))
    if amount < 0:
        raise ValueError(f"cannot share {amount} among {rooms}")
    while amount:
        open_weights = [w if rooms[i] > parts[i] else 0 for i, w in enumerate(weights)]
        if not any(open_weights):
            open_weights = [rooms[i] - parts[i] for i in range(len(parts))]
        for i, more in enumerate(share(amount, open_weights)):
            taken = min(more, rooms[i] - parts[i])
            parts[i] += taken
            amount -= taken
    return parts


def exponent(currency: str) -> int:
    """How many decimals the currency shows."""
    return _EXPONENTS.get(currency, 2)


def amount_text(amount: int, currency: str) -> str:
    """Minor units as people write them: 5000 CNY is "50.00"."""
    places = exponent(currency)
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def percent_text(basis_points: int) -> str:
    """Basis points as a percentage: 1250 is "12.5%"."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def zhe_text(basis_points: int) -> str:
    """A percentage off as Chinese shoppers read it, by what is paid: 1200 off is "8.8折", everything off is "免费"."""
    if basis_points == WHOLE:
        return "免费"
    whole, rest = divmod(WHOLE - basis_points, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") + "折"


_SIGNS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def price_text(amount: int, currency: str) -> str:
    """Minor units as a price tag says them: 30000 CNY is "¥300", 4990 is "¥49.90"; without a sign known, the code."""
    text, places = amount_text(amount, currency), exponent(currency)
    if places and text.endswith("0" * places):
        text = text[: -places - 1]
    sign = _SIGNS.get(currency) or f"{currency} "
    return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"
