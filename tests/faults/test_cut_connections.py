"""Answers that never arrive: between shopper and product, and between product and database after COMMIT was sent."""

import pytest

from tests.faults import checks
from tests.faults.commits import GROUP, Commits
from tests.faults.key import APP
from tests.faults.product import Product
from tests.faults.proxy import Proxy, Sometimes, sign
from tests.faults.shoppers import Shoppers, until
from tests.faults.test_kill_the_server import everything_holds
from tests.faults.wires import Doubling, Stubborn

WRITES = b"dempotency-"


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_an_answer_that_is_lost_is_asked_for_again(product, database, log, rounds):
    for seed in rounds(small=1, large=20):
        product.start()
        with Proxy(product.port, Sometimes(sign(WRITES), every=4, seed=seed)) as proxy:
            url = f"http://127.0.0.1:{proxy.port}"
            with Shoppers(url, APP, log, seed=seed, mark=f"lost-{seed}-", wire=Stubborn) as shoppers:
                until(lambda cut=proxy: cut.cuts.total() > 5 and len(log.acknowledged) > 20)
        assert not shoppers.faults, shoppers.faults[0]
        everything_holds(product, log, database, f"lost-{seed}-")
        product.kill()


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_what_is_asked_twice_at_once_is_done_once(product, database, log, rounds):
    for seed in rounds(small=1, large=20):
        product.start()
        before = len(log.acknowledged)
        with Shoppers(product.url, APP, log, seed=seed, mark=f"twice-{seed}-", wire=Doubling, threads=3) as shoppers:
            until(lambda before=before: len(log.acknowledged) > before + 40)
        assert not shoppers.faults, shoppers.faults[0]
        everything_holds(product, log, database, f"twice-{seed}-")
        product.kill()


@pytest.mark.prove("faults")
@pytest.mark.timeout(0)
def test_the_database_is_lost_after_commit_was_sent(cluster, database, log, nursery, tmp_path, rounds):
    """Whether the group was written is known by its keys and never by trying blindly. Of others' commits some are lost too."""
    straight = Product(database.url, tmp_path, nursery)
    for seed in rounds(small=1, large=20):
        with Proxy(cluster.port, Sometimes(Commits, every=6, seed=seed)) as proxy:
            product = Product(database.url.replace(f":{cluster.port}/", f":{proxy.port}/"), tmp_path, nursery)
            product.start("--no-work", "--doors", "api")
            try:
                with Shoppers(product.url, APP, log, seed=seed, mark=f"cut-{seed}-", wire=Stubborn) as shoppers:
                    until(lambda cut=proxy: cut.cuts[GROUP] > 5)
                assert not shoppers.faults, shoppers.faults[0]
            finally:
                product.close()
        straight.start("--no-work", "--doors", "api")
        everything_holds(straight, log, database, f"cut-{seed}-")
        straight.kill()
    straight.close()
    checks.nothing_is_lost(log, database)
