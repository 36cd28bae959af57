"""kill -9 of PostgreSQL under shoppers: the product says to try again, finds it when it is back, and lost nothing."""

import time
from random import Random

import pytest

from tests.faults.key import APP
from tests.faults.product import Product
from tests.faults.shoppers import Shoppers
from tests.faults.test_kill_the_server import everything_holds
from tests.faults.wires import Stubborn


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_the_postmaster_is_killed(cluster, database, log, nursery, tmp_path, rounds):
    product = Product(database.url, tmp_path, nursery)
    product.start()
    try:
        for seed in rounds(small=1, large=20):
            with Shoppers(product.url, APP, log, seed=seed, mark=f"down-{seed}-", wire=Stubborn) as shoppers:
                time.sleep(Random(seed).uniform(0.5, 2.0))
                cluster.kill()
                time.sleep(0.5)
                cluster.start()
                before, back = len(log.acknowledged), time.monotonic()
                while len(log.acknowledged) <= before + 5:
                    assert time.monotonic() < back + 20, "the product did not find the database again"
                    time.sleep(0.1)
            assert not shoppers.faults, shoppers.faults[0]
            everything_holds(product, log, database, f"down-{seed}-")
    finally:
        product.close()
    assert len(log.acknowledged) > 10, "hardly anything happened"
