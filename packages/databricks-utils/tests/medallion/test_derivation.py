"""A derived table that is made month by month equals the one that is made of all rows, after every kind of change."""

from dataclasses import replace
from datetime import date

import pytest
from pyspark.sql import functions as F

from databricks_utils.catalog.history import table_version
from databricks_utils.catalog.tables import columns_of
from databricks_utils.medallion import DeclarationError, Derived
from databricks_utils.medallion.gold.derivation import derive
from databricks_utils.windowed_table import first_window

MONTHS = {"orders": "ordered_on", "prices": "CAST(known_at AS DATE)"}


def sales(context, orders, prices, shops):
    """Orders with the highest price that was known on their day, and the country of their shop."""
    known = prices.withColumn("known_on", F.to_date("known_at"))
    priced = (
        orders.join(known, F.col("known_on") <= F.col("ordered_on"), "left")
        .groupBy(*orders.columns)
        .agg(F.max("eur").alias("eur"))
    )
    return priced.join(shops, "shop", "left")


def with_note(context, orders, prices, shops):
    """Sales with the columns of the prices besides theirs."""
    first = prices.drop("eur", "known_at").limit(1)
    return sales(context, orders, prices, shops).join(first)


def by_day_of(context, orders, prices, shops):
    """Orders without their day."""
    return orders.select("number")


def by_day(context, sales):
    return sales.groupBy("ordered_on").agg(F.sum("eur").alias("eur"))


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
        """Make the table; return what was made: `all`, `none`, or the first month."""
        self.earlier = derive(self.spark, self.context, (derived,), self.earlier, check=_nothing)
        (made,) = self.earlier
        return f"{made.since:%Y-%m}" if made.since else "all" if made.is_new else "none"

    def is_whole(self):
        """Whether the table has exactly the rows that a build of all rows gives."""
        needed = [self.spark.table(f"{self.silver}.{name}") for name in SALES.needs]
        wanted, there = sales(self.context, *needed), self.spark.table(self.table)
        return _contents(wanted) == _contents(there)


def _nothing(made):
    """No promises are checked here."""


def _contents(rows):
    columns = sorted(rows.columns)
    return columns, sorted(map(repr, rows.select(columns).collect()))


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
        ("INSERT INTO {silver}.orders VALUES (4, '2024-03-05', 'a')", "2024-03"),
        ("INSERT INTO {silver}.orders VALUES (5, '2024-02-07', 'a')", "2024-02"),
        ("UPDATE {silver}.orders SET shop = 'b' WHERE number = 4", "2024-03"),
        ("DELETE FROM {silver}.orders WHERE number = 5", "2024-02"),
        ("OPTIMIZE {silver}.orders", "none"),
        ("INSERT INTO {silver}.prices VALUES ('2024-02-15 10:00:00', 3.5)", "2024-02"),
        ("INSERT INTO {silver}.prices VALUES ('2024-01-04 10:00:00', 1.7)", "all"),  # no earlier month stays
        ("INSERT INTO {silver}.shops VALUES ('b', 'BE')", "all"),
        ("DELETE FROM {table} WHERE number = 1", "all"),
        ("OPTIMIZE {table}", "none"),
        ("INSERT INTO {silver}.orders VALUES (6, NULL, 'a')", "all"),
        ("DELETE FROM {silver}.orders WHERE number = 6", "all"),
        ("DROP TABLE {table}", "all"),
        ("INSERT INTO {silver}.orders VALUES (7, '2024-04-01', 'a')", "2024-04"),
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
def test_other_columns_replace_all_rows_also_if_a_month_before_them_stays(market):
    market.sql(f"INSERT INTO {market.silver}.orders VALUES (0, '2023-12-05', 'a')")
    market.derive()
    market.sql(f"ALTER TABLE {market.silver}.shops ADD COLUMNS (city STRING)")
    assert (market.derive(), market.is_whole()) == ("all", True)
    assert "city" in market.spark.table(market.table).columns
    with_euros = replace(SALES, build=with_note)
    market.derive(with_euros)
    market.sql(f"ALTER TABLE {market.silver}.prices ADD COLUMNS (note STRING)")
    # The prices begin in January; December would stay.
    assert market.derive(with_euros) == "all"
    assert "note" in market.spark.table(market.table).columns


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_rows_that_another_writer_changed_meanwhile_are_made_by_the_next_run(market):
    market.derive()
    market.sql(f"INSERT INTO {market.silver}.orders VALUES (4, '2024-03-05', 'a')")

    def disturbed(context, *needed):
        market.sql(f"DELETE FROM {market.table} WHERE number = 1")
        return sales(context, *needed)

    assert (market.derive(replace(SALES, build=disturbed)), market.is_whole()) == ("2024-03", False)
    assert (market.derive(), market.is_whole(), market.derive()) == ("all", True, "none")


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_where_a_row_came_from_is_no_change_and_a_table_of_a_table_follows_it(market):
    market.sql(f"ALTER TABLE {market.silver}.orders ADD COLUMNS (_source_file STRING)")
    monthly = Derived("monthly", by_day, needs=("sales",), by_month={"sales": "ordered_on"})

    def both():
        market.earlier = derive(
            market.spark, market.context, (monthly, SALES), market.earlier, check=_nothing
        )
        return [(item.is_new, item.since and f"{item.since:%Y-%m}") for item in market.earlier]

    assert both() == [(True, None), (True, None)]
    assert "_source_file" not in market.spark.table(market.table).columns
    derive(market.spark, market.context, (SALES,), check=_nothing)
    assert "_source_file" not in market.spark.table(market.table).columns
    both()
    market.sql(f"UPDATE {market.silver}.orders SET _source_file = 'again.csv'")
    assert both() == [(False, None), (False, None)]
    market.sql(f"INSERT INTO {market.silver}.orders VALUES (4, '2024-03-05', 'a', 'new.csv')")
    assert both() == [(True, "2024-03"), (True, "2024-03")]
    assert market.spark.table(market.context.table("gold", "monthly")).count() == 4


@pytest.mark.integration
@pytest.mark.drawn(1)
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"by_month": {"orders": "shop"}}, "begins with `shop`, which is no date column of `orders`"),
        ({"by_month": {"prices": "known_at"}}, "begins with `known_at`, which is no date column of `prices`"),
        ({"by_month": {"orders": "ordered_on", "prices": "date(know_at)"}}, "by_month has `date"),
        ({"build": by_day_of}, "begins with `ordered_on`, which is no date column of it"),
    ],
)
def test_a_date_that_is_none_is_named_and_nothing_is_written(market, wrong, message):
    with pytest.raises(DeclarationError, match=message):
        market.derive(replace(SALES, **wrong))
    assert columns_of(market.spark, market.table) is None


@pytest.mark.integration
@pytest.mark.drawn(1)
def test_rows_that_leave_their_month_are_refused_and_the_table_stays(market):
    wrong = Derived("sales", moved, needs=SALES.needs, by_month=MONTHS)
    market.sql(f"INSERT INTO {market.silver}.orders VALUES (0, '2023-12-05', 'a')")
    assert market.derive(wrong) == "all"
    before = market.spark.table(market.table).count()
    market.sql(f"INSERT INTO {market.silver}.orders VALUES (4, '2024-03-05', 'a')")
    with pytest.raises(DeclarationError, match="2024-03 or later has an earlier `ordered_on`") as refused:
        market.derive(wrong)
    assert "test_derivation.moved" in str(refused.value.location)
    assert market.spark.table(market.table).count() == before


@pytest.mark.unit
@pytest.mark.parametrize(
    ("by_month", "message"),
    [
        ({"orders": "ordered_on", "price": "x"}, "by_month names `price`"),
        ({"prices": "date_sub(known_at, 1)", "orders": "ordered_on"}, "begins with `date_sub"),
        ("orders", "by_month is not a mapping"),
    ],
)
def test_a_declaration_that_cannot_work_is_refused(by_month, message):
    with pytest.raises(DeclarationError, match=message):
        Derived("sales", sales, needs=("orders", "prices"), by_month=by_month)


@pytest.mark.unit
def test_a_declaration_is_a_value():
    dates = {"orders": "ordered_on"}
    derived = Derived("sales", sales, needs=("orders", "prices"), by_month=dates)
    dates["prices"] = "known_at"
    assert derived.by_month == {"orders": "ordered_on"}
    assert len({derived, replace(derived)}) == 1


@pytest.mark.unit
@pytest.mark.parametrize(
    ("now", "then", "found"),
    [
        ({"2024-01-01": "a"}, {"2024-01-01": "a"}, (False, None)),
        ({"2024-01-01": "a", "2024-02-01": "b"}, {"2024-01-01": "a"}, (True, date(2024, 2, 1))),
        ({"2024-01-01": "a"}, {"2024-01-01": "a", "2024-02-01": "b"}, (True, date(2024, 2, 1))),
        ({"2024-01-01": "b", "2024-02-01": "b"}, {"2024-01-01": "a", "2024-02-01": "b"}, (True, None)),
        ({"2024-01-01": "a", "": "x"}, {"2024-01-01": "a"}, (True, None)),
        ({"2024-01-01": "a", "": "x", "2024-02-01": "b"}, {"2024-01-01": "a", "": "x"}, (True, None)),
        ({"2024-01-01": "a", "": "x"}, {"2024-01-01": "a", "": "x"}, (False, None)),
        ({}, {}, (False, None)),
    ],
    ids=[
        "nothing",
        "a new month",
        "a month that is gone",
        "the first month",
        "a row without",
        "beside one without",
        "same",
        "no row",
    ],
)
def test_the_first_window_to_make(now, then, found):
    assert first_window({"orders": now}, {"orders": then}, rows_of="orders") == found


@pytest.mark.unit
def test_a_change_of_another_table_counts_and_a_table_without_windows_changes_all():
    orders = {"2024-01-01": "a", "2024-02-01": "b"}
    for before, after, found in (
        ({"2024-02-01": "x"}, {"2024-02-01": "y"}, (True, date(2024, 2, 1))),
        ({"": "x"}, {"": "y"}, (True, None)),
    ):
        now, then = {"orders": orders, "other": after}, {"orders": orders, "other": before}
        assert first_window(now, then, rows_of="orders") == found
