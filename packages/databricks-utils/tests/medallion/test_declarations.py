"""What a project declares is checked where it is declared."""

import pytest
from shop import CUSTOMERS, ORDERS, customers, orders

from databricks_utils.catalog import CatalogError
from databricks_utils.medallion import DeclarationError, Derived, Entity, Medallion, Source, declared_in
from databricks_utils.quality import DuplicateRuleError, Rule

pytestmark = pytest.mark.unit


def test_a_sources_folder_is_named_as_it_is():
    assert (ORDERS.path, Source("o", ("a",), "An order", path="in/orders").path) == ("orders", "in/orders")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ((), "no columns"),
        (("a", "a"), "a is named twice"),
        (("Name",), "'Name'"),
        (("_row",), "'_row'"),
        ((" ",), "' '"),
    ],
)
def test_columns_that_cannot_work_are_refused(columns, message):
    with pytest.raises(DeclarationError, match=message) as refusal:
        Source("orders", columns, "One order")
    assert refusal.value.fix


def test_a_name_that_no_table_can_have_is_refused():
    with pytest.raises(CatalogError, match="my orders"):
        Source("my orders", ("a",), "One order")


def test_every_entity_demands_complete_lines_and_a_complete_key():
    entity = customers()
    assert [rule.name for rule in (*entity.source.rules, *entity.rules)] == [
        "record_is_complete",
        "key_is_complete",
    ]
    assert entity.rules[0].expression == "customer IS NOT NULL"
    assert orders().columns == ("order_number", "customer", "amount_eur")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keys": ()}, "has no keys"),
        ({"needs": "customers"}, "needs is text"),
        ({"max_quarantined_share": 2}, "max_quarantined_share is 2"),
        ({"columns": ("Amount",)}, "'Amount'"),
    ],
)
def test_an_entity_that_cannot_work_is_refused(changes, message):
    with pytest.raises(DeclarationError, match=message):
        orders(**changes)


def test_a_rule_that_stands_twice_is_refused():
    with pytest.raises(DuplicateRuleError, match="key_is_complete"):
        orders(rules=(Rule("key_is_complete", "true", "again"),))


@pytest.mark.parametrize(
    ("entities", "message"),
    [
        ((orders(),), "needs `customers`, which is not declared"),
        ((customers(), customers()), "two tables are named `customers`"),
        ((customers(needs=("orders",)), orders()), "in a circle: "),
        (
            (customers(), orders(source=Source("customers", ("id",), "Other"), name="orders")),
            "two sources are named `customers`",
        ),
    ],
)
def test_declarations_that_do_not_fit_together_are_refused(entities, message):
    with pytest.raises(DeclarationError, match=message):
        Medallion(None, None, entities)


@pytest.mark.parametrize(
    ("derived", "message"),
    [
        (lambda: Derived("totals", print, ()), "`totals` needs no table"),
        (lambda: Derived("totals", print, "orders"), "`totals` needs no table"),
        (lambda: Derived("totals", print, ("order",)), "`totals` needs `order`, which is not declared"),
        (lambda: Derived("orders", print, ("customers",)), "two tables are named `orders`"),
        (lambda: Derived("totals", print, ("totals",)), "in a circle: totals → totals"),
        (
            lambda: Derived("orders_checked", print, ("orders",), layer="silver"),
            "is a table that the medallion keeps itself",
        ),
        (
            lambda: Derived("progress", print, ("orders",), layer="ops"),
            "is a table that the medallion keeps itself",
        ),
    ],
)
def test_a_derived_table_that_cannot_be_made_is_refused(derived, message):
    with pytest.raises(DeclarationError, match=message):
        Medallion(None, None, (customers(), orders()), derived=(derived(),))


def test_an_entity_cannot_need_a_derived_table():
    with pytest.raises(DeclarationError, match="`customers` needs `totals`"):
        Medallion(
            None, None, (customers(needs=("totals",)),), derived=(Derived("totals", print, ("customers",)),)
        )


def test_two_entities_may_be_made_of_one_source():
    second = Entity(CUSTOMERS, lambda records: records, keys=("id",), columns=(), name="countries")
    assert Medallion(None, None, (customers(), second)).sources == (CUSTOMERS,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.ingest(only=("order",)), "no source `order`"),
        (lambda m: m.refine(only=("order",)), "no entity `order`"),
        (lambda m: m.refine(accept_quarantined=("order",)), "no entity `order`"),
        (lambda m: m.run("rebuilt"), "no mode `rebuilt`"),
        (lambda m: m.run("rebuild", since="yesterday"), "`since` is 'yesterday'"),
    ],
)
def test_what_is_not_there_cannot_be_chosen(call, message, monkeypatch):
    monkeypatch.setattr("databricks_utils.catalog.CatalogHelper.ensure_schemas", lambda *_: ())

    class Context:
        class catalog:
            ensure_schemas = staticmethod(lambda _spark: ())

    with pytest.raises(DeclarationError, match=message) as refusal:
        call(Medallion(None, Context, (customers(), orders())))
    assert refusal.value.fix


def test_entities_are_found_in_the_modules_of_a_package(tmp_path, monkeypatch):
    package = tmp_path / "declared_entities"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "b.py").write_text("from shop import customers\nENTITY = customers()\nSAME = ENTITY\n")
    (package / "a.py").write_text(
        "from shop import orders\nENTITY = orders()\nfrom declared_entities.b import SAME\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    gold = package / "gold"
    gold.mkdir()
    (gold / "__init__.py").write_text("")
    (gold / "totals.py").write_text(
        "from databricks_utils.medallion import Derived\nTOTALS = Derived('totals', print, ('orders',))\n"
    )
    found = declared_in("declared_entities")
    assert [entity.name for entity in found.entities] == ["customers", "orders"]
    assert [item.name for item in found.derived] == ["totals"]
    medallion = Medallion.of_package(None, None, "declared_entities")
    assert (medallion.derived, medallion.sources) == (found.derived, (CUSTOMERS, ORDERS))
    empty = tmp_path / "declared_nothing"
    empty.mkdir()
    (empty / "__init__.py").write_text("")
    with pytest.raises(DeclarationError, match="declared_nothing declares no entity"):
        declared_in("declared_nothing")


def test_a_source_without_an_entity_is_found_too_and_ends_in_bronze(tmp_path, monkeypatch):
    package = tmp_path / "declared_sources"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "refunds.py").write_text(
        "from databricks_utils.medallion import Source\nREFUNDS = Source('refunds', ('number',), 'One refund')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    medallion = Medallion.of_package(None, None, "declared_sources")
    assert [source.name for source in medallion.sources] == ["refunds"]
    assert medallion.entities == ()
