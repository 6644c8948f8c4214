"""The shop as fixtures: empty, or as it is after a first walk."""

from datetime import UTC, datetime

import pytest
from kept import Kept
from shop import LATE, Shop, alone, customers, orders

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import ConfigLoader
from databricks_utils.context import Context


@pytest.fixture
def shop(spark, context):
    """An empty shop; one order is delivered."""
    return Shop(spark, context)


@pytest.fixture(scope="session")
def open_shop(spark_session, lakehouse_project, tmp_path_factory):
    """Open an empty shop that lives as long as the test run, under a schema prefix."""

    def opened(prefix):
        config = ConfigLoader.load(
            "local", lakehouse_project / "config", {"catalog.schema_prefix": f"{prefix}_"}
        )
        storage = config.storage.model_copy(update={"volume_root": str(tmp_path_factory.mktemp(prefix))})
        own = config.model_copy(update={"storage": storage})
        catalog = CatalogHelper(own)
        catalog.ensure_schemas(spark_session)
        return Shop(spark_session, Context(own, catalog))

    return opened


@pytest.fixture(scope="session")
def kept_orders(open_shop, tmp_path_factory):
    shop = open_shop("orders")
    shop.medallion(alone()).ingest(now=datetime(2024, 1, 1, tzinfo=UTC))
    shop.refine(alone())
    return Kept(shop, tmp_path_factory.mktemp("kept_orders"))


@pytest.fixture(scope="session")
def kept_both(open_shop, tmp_path_factory):
    shop = open_shop("both")
    shop.deliver("customers", "c1", {"id": "ann", "country": "NL"})
    shop.deliver("orders", "o2", LATE, {**LATE, "number": "3", "amount": "-1"}, {**LATE, "number": "4"})
    shop.walk(customers(), orders())
    return Kept(shop, tmp_path_factory.mktemp("kept_both"))


@pytest.fixture
def walked(kept_orders):
    """A shop without customers; order 1 of ann for 10 euros, ingested on the first of January 2024, is in silver."""
    return kept_orders.restore()


@pytest.fixture
def walked_both(kept_both):
    """A shop whose one customer is ann; her order 1 is in silver, orders 2, 3 and 4 of bob are in quarantine."""
    return kept_both.restore()
