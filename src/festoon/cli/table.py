"""A quote as a table to read in the terminal."""

from __future__ import annotations

import unicodedata

from festoon.base.money import amount_text
from festoon.base.words import Words
from festoon.engine.quote import Quote

_HEADS = [
    Words("line", "行"),
    Words("goods", "货号"),
    Words("units", "件数"),
    Words("list", "原价"),
    Words("off", "优惠"),
    Words("to pay", "应付"),
]
_CODES = {
    "applied": Words("applied", "已生效"),
    "not_live": Words("not live", "未生效"),
    "stopped": Words("stopped", "已停用"),
    "channel": Words("not here", "渠道不符"),
    "buyer": Words("not for you", "人群不符"),
    "limit": Words("over a limit", "超出次数"),
    "stock": Words("used up", "已用完"),
    "not_met": Words("not met", "未达条件"),
    "floor": Words("nothing left", "无可优惠"),
    "not_chosen": Words("can be chosen", "可选"),
    "excluded": Words("excluded", "互斥"),
    "beaten": Words("beaten", "非最优"),
}


def table(quote: Quote, language: str) -> str:
    """Lines, totals, gifts and verdicts in one language."""
    cart = quote.play.cart
    currency = cart.facts.currency
    shares = quote.shares()
    rows = [[head.in_(language) for head in _HEADS]]
    for row, given in zip(cart.facts.rows, shares, strict=False):
        first = 0
        for line, quantity in row.lines:
            off = sum([sum(s.units[first : first + quantity]) for s in given])
            money = [
                amount_text(a, currency) for a in (row.unit_price * quantity, off, row.unit_price * quantity - off)
            ]
            rows.append([line, row.single[0], str(quantity), *money])
            first += quantity
    off = sum([s.units[0] for s in shares[-1]])
    shipping = [amount_text(a, currency) for a in (cart.facts.shipping, off, cart.facts.shipping - off)]
    rows.append([Words("shipping", "运费").in_(language), "", "", *shipping])
    totals = [amount_text(a, currency) for a in (quote.list_total, quote.discount, quote.payable)]
    rows.append([Words("total", "合计").in_(language), "", "", *totals])
    gifts = [gift for served in quote.play.served.values() for gift in served.gifts]
    rows += [[Words("gift", "赠品").in_(language), gift.sku, str(gift.quantity), "", "", ""] for gift in gifts]
    reasons = [
        [_CODES[v.code].in_(language), v.name.in_(language), v.words(currency).in_(language)] for v in quote.verdicts
    ]
    proof = Words("The best legal price, proven.", "已证明为最优合法价格。")
    if not quote.optimal:
        bound = amount_text(quote.bound, currency)
        proof = Words(f"At most {bound} more could be saved.", f"最多还可再省 {bound}。")
    return "\n".join([*_aligned(rows, 3), "", *_aligned(reasons, 9), "", proof.in_(language)])


def _aligned(rows: list[list[str]], numbers_from: int) -> list[str]:
    """Columns of even width; those from `numbers_from` on are set right. A Chinese character is two wide."""
    if not rows:
        return []
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            space = " " * (widths[i] - _width(cell))
            cells.append(space + cell if i >= numbers_from else cell + space)
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
