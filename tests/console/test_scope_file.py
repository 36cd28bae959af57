"""A list of goods in a file, however a spreadsheet saved it."""

import io
import zipfile

import pytest

from festoon.console import scope_picker
from festoon.records.refusal import Invalid

ROWS = "商品编码,名称\nt-01,龙井\nt-02,碧螺春\n"


@pytest.mark.parametrize("spelling", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_is_read_in_the_spellings_of_spreadsheets(spelling):
    assert scope_picker.skus_of("goods.csv", ("sku," + ROWS[5:]).encode(spelling)) == ["t-01", "t-02"]


def test_a_sheet_that_grows_without_end_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(scope_picker, "UNPACKED", 1_000_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * 1_000_001)
    with pytest.raises(Invalid, match="too_large"):
        scope_picker.skus_of("goods.xlsx", packed.getvalue())
    with pytest.raises(Invalid, match="not_a_sheet"):
        scope_picker.skus_of("goods.xlsx", b"PK\x03\x04 nothing of a sheet")
