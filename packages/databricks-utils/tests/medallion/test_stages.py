"""The order in which entities are made and checked."""

import pytest

from databricks_utils.medallion import Entity, Source
from databricks_utils.medallion.declaring.stages import stages
from databricks_utils.quality import Check, Query, Reference

pytestmark = pytest.mark.unit

ROWS = Check("rows", "count(*)", "too few rows", at_least=1)


def entity(name, *checks, needs=(), refers_to=None):
    rules = (
        [Reference("is_known", ("shop",), refers_to, "no such row", to_columns=("shop",))]
        if refers_to
        else []
    )
    source = Source(name, columns=("shop",), comment="A line")
    return Entity(source, print, ("shop",), (), rules=tuple(rules), needs=needs, checks=checks)


def asking(*names):
    tables = " CROSS JOIN ".join(f"{{{name}}}" for name in ("table", *names))
    return Query(f"of_{'_'.join(names)}", f"SELECT count(*) FROM {tables}", "too few", at_least=1)


def order(*entities):
    return [
        (
            [each.name for each in stage.made],
            {each.table.name: [check.name for check in each.checks] for each in stage.asked},
        )
        for stage in stages(entities)
    ]


def test_an_entity_is_checked_before_those_that_need_it_or_refer_to_it():
    shops, orders = entity("shops", ROWS), entity("orders", ROWS, needs=("shops",))
    returns = entity("returns", refers_to="orders")
    assert order(returns, orders, shops) == [
        (["shops"], {"shops": ["rows"]}),
        (["orders"], {"orders": ["rows"]}),
        (["returns"], {}),
    ]


def test_a_query_waits_for_the_tables_that_it_reads_and_those_that_need_its_table_wait_for_it():
    regions, towns = entity("regions"), entity("towns", needs=("regions",))
    shops = entity("shops", ROWS, asking("towns"))
    assert order(entity("orders", needs=("shops",)), regions, towns, shops) == [
        (["regions", "shops"], {"shops": ["rows"]}),
        (["towns"], {"shops": ["of_towns"]}),
        (["orders"], {}),
    ]


def test_a_query_that_reads_what_is_made_of_its_table_holds_nothing_up():
    shops = entity("shops", asking("orders"), ROWS)
    assert order(shops, entity("orders", needs=("shops",))) == [
        (["shops"], {"shops": ["rows"]}),
        (["orders"], {"shops": ["of_orders"]}),
    ]


def test_an_entity_that_is_not_among_them_is_read_as_it_is():
    orders = entity("orders", asking("shops"), needs=("shops",))
    assert order(orders) == [(["orders"], {"orders": ["of_shops"]})]
