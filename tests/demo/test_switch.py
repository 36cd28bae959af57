"""The switch of the town: on once, off for good, and who may turn it."""

import pytest

from festoon.demo.town import switch
from festoon.records import queries
from festoon.records.refusal import Forbidden


def test_on_and_off(cast):
    lin = cast.person("lin")
    assert not switch.status(lin, now=cast.now).running
    woken = switch.start(by=lin, now=cast.now)
    assert (woken.running, woken.alive, woken.by) == (True, False, "person:lin")
    switch.start(by=lin, now=cast.now)
    assert queries.jobs(lin).filter(kind="town").count() == 1

    assert not switch.stop(by=lin, now=cast.now).running
    assert queries.jobs(lin).get(kind="town").state == "cancelled"
    assert switch.start(by=lin, now=cast.now).running
    assert queries.jobs(lin).filter(kind="town").count() == 2


def test_it_is_not_for_everybody(cast):
    with pytest.raises(Forbidden):
        switch.start(by=cast.person("gu"), now=cast.now)
    assert not switch.status(cast.person("lin"), now=cast.now).running
