"""Idempotency keys: the same call again gets the same answer, also when both come at once."""

import threading

import pytest
from django.db import connection, transaction

from festoon.records import keys
from festoon.records.models import Key
from festoon.records.refusal import KeyReused
from tests.desk import LIN, NOW, person

pytestmark = pytest.mark.django_db(transaction=True)


def act(key="k", body="b", answer=1, verb="test.act", by=LIN):
    """A verb as every room writes it; answers what was said, now or before."""
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb=verb, body=body):
            return before.answer
        keys.remember(by=by, key=key, verb=verb, body=body, answer=answer, now=NOW)
        return answer


def test_the_second_call_gets_the_first_answer():
    assert (act(answer=1), act(answer=2)) == (1, 1)


def test_another_body_or_another_verb_is_refused():
    act()
    for other in ({"body": "c"}, {"verb": "test.other"}):
        with pytest.raises(KeyReused):
            act(**other)


def test_two_merchants_may_use_the_same_key():
    assert (act(answer=1), act(answer=2, by=person("ye", 2, "merchant"))) == (1, 2)


def test_no_key_is_never_remembered():
    assert (act(key="", answer=1), act(key="", answer=2)) == (1, 2)
    assert not Key.objects.exists()


def test_of_many_at_once_one_acts_and_all_get_its_answer():
    answers, start = [], threading.Barrier(6)

    def run(number):
        start.wait()
        answers.append(act(answer=number))
        connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
