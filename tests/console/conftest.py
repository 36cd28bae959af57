"""Browsers of people, for tests in which several look at one thing."""

from collections.abc import Callable

import pytest
from django.test import Client

from festoon.catalog.sign_in import one_time_path


@pytest.fixture
def at(cast: object) -> Callable[[str], Client]:
    """`at("he")`: a browser of this person."""

    def signed_in(person: str) -> Client:
        client = Client()
        client.get(one_time_path(person))
        return client

    return signed_in
