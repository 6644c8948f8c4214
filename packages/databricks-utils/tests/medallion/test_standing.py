"""An entity that nothing has happened to is not looked at; the results are those of a transformation that looks at all of them."""

import pytest
from shop import KNOWN, LATE, POSITIVE, customers, orders

from databricks_utils.medallion import AccountingError, Entity
from databricks_utils.medallion.bronze.landed import Landed
from databricks_utils.medallion.silver.refinement import Refinement
from databricks_utils.medallion.standing import Standing, _with_needs
from databricks_utils.quality import Rule

BOTH = (customers(), orders())
STRICTER = orders(rules=(POSITIVE, KNOWN, Rule("amount_is_small", "amount_eur < 100", "amount is too large")))


@pytest.mark.unit
def test_an_entity_stands_only_if_all_that_it_needs_stand():
    assert list(_with_needs(BOTH, {"customers", "orders"})) == ["customers", "orders"]
    assert list(_with_needs(BOTH, {"customers"})) == ["customers"]
    assert list(_with_needs(BOTH, {"orders"})) == []


@pytest.mark.unit
def test_a_source_stands_only_if_all_its_entities_stand():
    twice = Entity(
        BOTH[1].source, BOTH[1].read, keys=("order_number",), name="returns", columns=("customer",)
    )
    standing = Standing(refined={"customers": None, "orders": None})
    assert standing.sources_of(BOTH) == {"customers", "orders"}
    assert standing.sources_of((*BOTH, twice)) == {"customers"}
    assert Standing().sources_of(BOTH) == set()


@pytest.mark.unit
def test_a_source_with_a_file_that_waits_or_is_missing_is_not_complete():
    assert Landed().is_complete
    for files in (
        Landed(waiting=("o.csv",)),
        Landed(unloaded={"o.csv": "1 record"}),
        Landed(lost={"o.csv": "1 record"}),
    ):
        assert not files.is_complete


@pytest.fixture(scope="module")
def shop(open_shop):
    shop = open_shop("standing")
    shop.deliver("customers", "c1", {"id": "ann", "country": "NL"})
    shop.settle()
    transformed(shop)
    return shop


@pytest.fixture
def looked_at(monkeypatch):
    """The names of the entities whose tables were looked at."""
    names, original = [], Refinement.refine

    def refine(self):
        names.append(self.entity.name)
        return original(self)

    monkeypatch.setattr(Refinement, "refine", refine)
    return names


def transformed(shop, *entities):
    medallion = shop.medallion(*(entities or BOTH))
    medallion.ingest()
    result = medallion.transform()
    result.balance()
    return result


@pytest.mark.integration
def test_only_what_something_has_happened_to_is_looked_at(shop, looked_at):
    shop.deliver("orders", "o2", LATE)
    shop.settle()
    result = transformed(shop)
    assert looked_at == ["orders"]
    assert [(item.entity, item.judged) for item in result.refined] == [("customers", 0), ("orders", 1)]
    looked_at.clear()
    medallion = shop.medallion(*BOTH)
    assert result.again("").refined == tuple(medallion.refine())
    assert result.accounts == tuple(medallion.account())

    for statement in (
        "DROP VIEW {quarantine}.customers",
        "ALTER TABLE {silver}.customers_checked SET TBLPROPERTIES ('note' = 'x')",
        "DELETE FROM {ops}.progress",
    ):
        looked_at.clear()
        schemas = {
            layer: shop.context.catalog.schema_name(layer) for layer in ("quarantine", "silver", "ops")
        }
        shop.spark.sql(statement.format(**schemas)).collect()
        transformed(shop)
        assert sorted(looked_at) == ["customers", "orders"], statement

    looked_at.clear()
    transformed(shop, customers(), STRICTER)
    assert sorted(looked_at) == ["customers", "orders"]


@pytest.mark.integration
def test_lost_rows_of_an_entity_are_noticed_beside_new_rows_of_another(shop):
    transformed(shop)
    shop.spark.sql(f"DELETE FROM {shop.context.table('silver', 'customers')}").collect()
    shop.deliver("orders", "o3", {**LATE, "number": "3"})
    shop.settle()
    with pytest.raises(AccountingError, match="the records of customers do not add up"):
        transformed(shop)
