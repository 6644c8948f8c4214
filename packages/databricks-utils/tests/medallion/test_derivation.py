"""A derived table that is made month by month equals the one that is made of all rows, after every kind of change."""

import pytest
from pyspark.sql import functions as F

from databricks_utils.catalog.history import table_version
from databricks_utils.medallion import DeclarationError, Derived
from databricks_utils.medallion.gold.derivation import derive

MONTHS = {"orders": "ordered_on", "prices": "CAST(known_at AS DATE)"}


def sales(context, orders, prices, shops):
    """Orders with the highest price that was known on their day, and the country of their shop."""
    known = prices.withColumn("known_on", F.to_date("known_at"))
    priced = (
        orders.join(known, F.col("known_on") <= F.col("ordered_on"), "left")
        .groupBy("number", "ordered_on", "shop")
        .agg(F.max("eur").alias("eur"))
    )
    return priced.join(shops, "shop", "left")


def moved(context, orders, prices, shops):
    """Sales with another day than that of their order: they cannot be made by month."""
    return sales(context, orders, prices, shops).withColumn("ordered_on", F.date_sub("ordered_on", 60))


SALES = Derived("sales", sales, needs=("orders", "prices", "shops"), by_month=MONTHS)


class Market:
    """The needed tables, the derived one, and what its last transformation left."""

    def __init__(self, spark, context):
        self.spark, self.context, self.earlier = spark, context, ()
        self.table = context.table("gold", "sales")
        silver = context.catalog.schema_name("silver")
        for statement in (
            "CREATE TABLE {}.orders (number INT, ordered_on DATE, shop STRING) USING DELTA",
            "INSERT INTO {}.orders VALUES (1, '2024-01-05', 'a'), (2, '2024-02-05', 'b'), (3, '2024-02-20', 'a')",
            "CREATE TABLE {}.prices (known_at TIMESTAMP, eur DOUBLE) USING DELTA",
            "INSERT INTO {}.prices VALUES ('2024-01-02 10:00:00', 1.5), ('2024-02-10 10:00:00', 2.5)",
            "CREATE TABLE {}.shops (shop STRING, country STRING) USING DELTA",
            "INSERT INTO {}.shops VALUES ('a', 'NL')",
        ):
            self.sql(statement.format(silver))
        self.silver = silver

    def sql(self, statement):
        return self.spark.sql(statement).collect()

    def derive(self, derived=SALES):
        """Make the table; return which months were made."""
        self.earlier = derive(self.spark, self.context, (derived,), self.earlier)
        return self.earlier[0].made

    def is_whole(self):
        """Whether the table has exactly the rows that a build of all rows gives."""
        needed = [self.spark.table(f"{self.silver}.{name}") for name in SALES.needs]
        wanted, there = sales(self.context, *needed), self.spark.table(self.table)
        columns = sorted(wanted.columns)
        return sorted(wanted.select(columns).collect(), key=repr) == sorted(
            there.select(columns).collect(), key=repr
        )


@pytest.fixture
def market(spark, context):
    return Market(spark, context)


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_only_the_months_from_the_first_changed_one_on_are_made_and_the_rows_are_those_of_a_whole_build(
    market,
):
    assert (market.derive(), market.is_whole()) == ("all", True)
    version = table_version(market.spark, market.table)
    assert market.derive() == "none"
    assert table_version(market.spark, market.table) == version
    for statement, made in (
        ("INSERT INTO {silver}.orders VALUES (4, '2024-03-05', 'a')", "from 2024-03 on"),
        ("INSERT INTO {silver}.orders VALUES (5, '2024-02-07', 'a')", "from 2024-02 on"),
        ("UPDATE {silver}.orders SET shop = 'b' WHERE number = 4", "from 2024-03 on"),
        ("DELETE FROM {silver}.orders WHERE number = 5", "from 2024-02 on"),
        ("OPTIMIZE {silver}.orders", "none"),
        ("INSERT INTO {silver}.prices VALUES ('2024-02-15 10:00:00', 3.5)", "from 2024-02 on"),
        ("INSERT INTO {silver}.prices VALUES ('2024-01-04 10:00:00', 1.7)", "all"),  # no earlier month stays
        ("INSERT INTO {silver}.shops VALUES ('b', 'BE')", "all"),
        ("DELETE FROM {table} WHERE number = 1", "all"),
        ("OPTIMIZE {table}", "none"),
        ("INSERT INTO {silver}.orders VALUES (6, NULL, 'a')", "all"),
        ("DELETE FROM {silver}.orders WHERE number = 6", "all"),
        ("DROP TABLE {table}", "all"),
        ("INSERT INTO {silver}.orders VALUES (7, '2024-04-01', 'a')", "from 2024-04 on"),
    ):
        market.sql(statement.format(silver=market.silver, table=market.table))
        assert (market.derive(), market.is_whole()) == (made, True), statement


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_tables_without_rows_are_made_and_rows_that_are_all_gone_leave_an_empty_one(market):
    market.sql(f"DELETE FROM {market.silver}.prices")
    assert (market.derive(), market.is_whole()) == ("all", True)
    market.sql(f"DELETE FROM {market.silver}.orders")
    assert (market.derive(), market.is_whole(), market.derive()) == ("all", True, "none")
    market.sql(f"INSERT INTO {market.silver}.orders VALUES (1, '2024-01-05', 'a')")
    assert (market.derive(), market.is_whole()) == ("all", True)


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_a_new_column_of_a_needed_table_replaces_the_schema(market):
    market.derive()
    market.sql(f"ALTER TABLE {market.silver}.shops ADD COLUMNS (city STRING)")
    assert (market.derive(), market.is_whole()) == ("all", True)
    assert "city" in market.spark.table(market.table).columns


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_rows_that_leave_their_month_are_refused_and_the_table_stays(market):
    wrong = Derived("sales", moved, needs=SALES.needs, by_month=MONTHS)
    assert market.derive(wrong) == "all"
    before = market.spark.table(market.table).count()
    market.sql(f"INSERT INTO {market.silver}.orders VALUES (4, '2024-03-05', 'a')")
    with pytest.raises(DeclarationError, match="2024-03 or later has an earlier `ordered_on`") as refused:
        market.derive(wrong)
    assert "test_derivation.moved" in str(refused.value.location)
    assert market.spark.table(market.table).count() == before


@pytest.mark.unit
def test_a_date_of_a_table_that_is_not_needed_is_refused():
    with pytest.raises(DeclarationError, match="by_month names `price`"):
        Derived("sales", sales, needs=("orders", "prices"), by_month={"orders": "ordered_on", "price": "x"})
