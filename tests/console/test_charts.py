"""Charts of shares: a whole is the most there is."""

import pytest

from festoon.console.charts import shares


@pytest.mark.parametrize("upright", [True, False])
@pytest.mark.parametrize(("most", "end"), [(10_000, 100), (7_600, 100), (7_500, None), (0, None)])
def test_an_axis_of_shares_never_goes_beyond_the_whole(most, end, upright):
    drawn = shares(["a", "b"], {"x": [most, None]}, [["", ""]] * 2, said="", upright=upright, compared=False)
    assert drawn.option["yAxis" if upright else "xAxis"].get("max") == end
