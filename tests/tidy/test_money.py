"""Money is whole minor units, percentages whole basis points: sharing then loses nothing."""

import ast

from tests.tidy.reading import dotted, files, nowhere

MONEY = {"engine", "rulebook", "catalog", "ledger", "campaigns", "offers", "promotions", "coupons", "checkout"}
NOT_MONEY = {
    "ledger/store/turn.py": "seconds of waiting",
    "offers/version.py": "seconds since the book was looked at",
    "checkout/book.py": "seconds since the book was looked at",
}
"""Files of these rooms that divide something else, each with what it is."""


def test_no_float_meets_money():
    def wrong(node: ast.AST) -> bool:
        return (
            dotted(node) in {"float", "models.FloatField", "models.DecimalField", "Decimal"}
            or (isinstance(node, ast.Constant) and isinstance(node.value, float))
            or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        )

    nowhere(
        [place for file in files(rooms=MONEY, without=set(NOT_MONEY)) for place in file.lines_where(wrong)],
        because="0.1 + 0.2 is not 0.3: a binary fraction in a price path is a lost cent.",
        instead="`int` minor units, `//` and `divmod`, and base's one way of sharing.",
    )
