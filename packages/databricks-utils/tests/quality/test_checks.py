"""Checks of whole tables measure what plain SQL says, and their queries can do nothing but read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from databricks_utils.quality import (
    Check,
    CheckFailedError,
    Limit,
    Measurement,
    MissingTableError,
    Outcome,
    Query,
    RuleCount,
    RuleDeclarationError,
    RuleRefusedError,
    Severity,
    age_in_seconds,
    assert_checks,
    null_rate,
    read_trend,
    read_trends,
    record_metrics,
    report_of_run,
    row_count,
    run_checks,
)
from databricks_utils.quality.spark_sql.messages import is_refusal

pytestmark = [pytest.mark.integration, pytest.mark.drawn(14)]

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
ROWS = [
    (1, "10.10", 1.5, datetime(2026, 1, 2, 11, 0)),  # noqa: DTZ001 - in the session's time zone, UTC
    (2, "20.20", float("nan"), datetime(2026, 1, 1, 11, 0)),  # noqa: DTZ001 - as above
    (None, None, 3.0, None),
]
SCHEMA = "id int, `odd price` string, x double, `at.utc` timestamp"


@pytest.fixture(scope="module")
def orders(spark):
    frame = spark.createDataFrame(ROWS, SCHEMA)
    return frame.withColumn("odd price", frame["odd price"].cast("decimal(38,2)"))


@pytest.fixture(scope="module")
def results(spark, orders):
    empty = orders.limit(0)
    checks = [
        Check("rows", row_count(), "few rows", at_least=3, at_most=3),
        Check("rows_missing", row_count(), "few rows", at_least=4),
        Check("price", "sum(`odd price`)", "too little", at_least=Decimal("30.30"), at_most=Decimal("30.30")),
        Check("nulls", null_rate("id"), "ids are missing", "warn", at_most=0.25),
        Check("fresh", age_in_seconds("at.utc"), "no new orders", at_most=timedelta(hours=1)),
        Check("stale", age_in_seconds("at.utc"), "no new orders", at_most=timedelta(minutes=59)),
        Check("nan", "max(x)", "too large", at_least=0),
        Check("no_value", "max(if(id > 5, id, NULL))", "none", at_least=0),
        Check("no_value_passes", "max(if(id > 5, id, NULL))", "none", at_least=0, null_passes=True),
        Query(
            "own_table", "SELECT count(*) FROM {table} WHERE `odd price` > 15 -- {x}\n;", "many", at_most=1
        ),
        Query(
            "across",
            "SELECT count(*) FROM {table} AS o LEFT ANTI JOIN {known} AS k ON o.id = k.id WHERE o.id IS NOT NULL",
            "unknown ids",
            at_most=0,
        ),
        Query("no_row", "SELECT id FROM {known} WHERE id > 5", "none", at_most=0),
        Query("hour", "WITH t AS (SELECT {now} AS n) SELECT hour(n) FROM t", "noon", at_least=12, at_most=12),
    ]
    tables = {"known": spark.createDataFrame([(1,)], "id int"), "empty": empty}
    found = run_checks(orders, checks, tables=tables, now=NOW)
    assert [result.check for result in found] == [check.name for check in checks]
    assert not [view for view in spark.catalog.listTables() if view.name.startswith("quality_")]
    return {result.check: result for result in found}


@pytest.mark.parametrize(
    ("check", "value", "outcome"),
    [
        ("rows", 3, "passed"),
        ("rows_missing", 3, "stopped"),
        ("price", Decimal("30.30"), "passed"),
        ("nulls", 1 / 3, "warned"),
        ("fresh", 3600, "passed"),
        ("stale", 3600, "stopped"),
        ("no_value", None, "stopped"),
        ("no_value_passes", None, "passed"),
        ("own_table", 1, "passed"),
        ("across", 1, "stopped"),
        ("no_row", None, "stopped"),
        ("hour", 12, "passed"),
    ],
)
def test_a_check_measures_its_number_and_compares_it(results, check, value, outcome):
    found = results[check]
    assert found.value is None if value is None else float(found.value) == pytest.approx(float(value))
    assert found.outcome.value == outcome
    assert found.seconds > 0


def test_nan_passes_no_bounds_and_aggregates_share_one_query(results):
    assert results["nan"].outcome is Outcome.STOPPED
    assert results["nan"].value != results["nan"].value
    assert len({found.seconds for found in results.values() if found.kind == "check"}) == 1


def test_one_error_names_every_failed_check_with_its_value_and_bounds(results):
    chosen = [results[name] for name in ("rows", "rows_missing", "nulls", "no_value")]
    with pytest.raises(CheckFailedError, match="orders fails 2 of 4 checks") as failed:
        assert_checks(chosen, table="orders")
    assert failed.value.detail.splitlines() == [
        "`rows_missing`: few rows: 3; allowed: at least 4",
        "`no_value`: none: no value; allowed: at least 0",
    ]
    assert_checks([results["rows"], results["nulls"]], table="orders")


def test_an_empty_table_fails_measures_without_a_value_but_not_its_count(orders):
    checks = [
        Check("rows", row_count(), "few", at_most=0),
        Check("nulls", null_rate("id"), "ids", at_most=1),
        Check("fresh", age_in_seconds("at.utc"), "old", at_most=1),
    ]
    found = run_checks(orders.limit(0), checks)
    assert [(result.value, result.outcome.value) for result in found] == [
        *((0, "passed"), (None, "stopped"), (None, "stopped")),
    ]
    assert run_checks(orders, ()) == ()


REFUSED = [
    (Check("c", "sum(amuont)", "why", at_least=0), r"(?s)check `c`.*amuont"),
    (Check("c", "id", "why", at_least=0), "check `c`"),
    (Check("c", "max(id) >", "why", at_least=0), "check `c`"),
    (Check("c", "max(`at.utc`)", "why", at_least=0), "`c` measures datetime, which is no number"),
    (Check("c", "max('x')", "why", at_least=0), "`c` measures str"),
    (
        Check("c", "sum(1 / (id - id))", "why", at_least=0),
        r"(?s)check `c`.*\[DIVIDE_BY_ZERO\]; the message is not shown",
    ),
    (
        Check("c", "max(CAST(concat('x', id) AS INT))", "why", at_least=0),
        r"(?s)check `c`.*\[CAST_INVALID_INPUT\]",
    ),
    (Check("c", "explode(array(1, 2))", "why", at_least=0), "the check `c` has several rows or none"),
    (
        Check("c", "explode(CAST(array() AS ARRAY<INT>))", "why", at_least=0),
        "the check `c` has several rows or none",
    ),
    (Query("c", "SELECT 1 / 0", "why", at_least=0), r"(?s)check `c`.*\[DIVIDE_BY_ZERO\]"),
    (Query("c", "SELECT id FROM {table}", "why", at_least=0), "`c` has several rows"),
    (Query("c", "SELECT 1, 2", "why", at_least=0), "`c` has 2 columns"),
    (Query("c", "SELECT 1, 2 WHERE false", "why", at_least=0, null_passes=True), "`c` has 2 columns"),
    (Query("c", "DROP TABLE IF EXISTS x", "why", at_least=0), "check `c`"),
    (Query("c", "SELECT 1) UNION ALL (SELECT 2", "why", at_least=0), "`c` has several rows"),
]


@pytest.mark.parametrize(("check", "match"), REFUSED)
def test_what_spark_refuses_and_what_is_no_number_is_named(orders, check, match):
    good = Check("good", row_count(), "few", at_least=0)
    with pytest.raises(RuleRefusedError, match=match):
        run_checks(orders, [good, check])


@pytest.mark.parametrize(
    ("sql", "error", "match"),
    [
        ("SELECT 1) ; (SELECT 2", RuleDeclarationError, "cannot be read"),
        ("SELECT 1 FROM {tabel}", MissingTableError, r"names `\{tabel\}`"),
    ],
)
def test_sql_that_cannot_be_filled_is_refused(orders, sql, error, match):
    with pytest.raises(error, match=match):
        run_checks(orders, [Query("c", sql, "why", at_least=0)])


def test_a_refusal_shows_no_value_of_a_row(spark):
    people = spark.createDataFrame([("ann@example.com",)], "mail string")
    checks = (
        Check("c", "max(CAST(mail AS INT))", "why", at_least=0),
        Query("c", "SELECT max(CAST(mail AS INT)) FROM {table}", "why", at_least=0),
    )
    for check in checks:
        with pytest.raises(RuleRefusedError, match="check `c`") as refused:
            run_checks(people, [check])
        assert "[CAST_INVALID_INPUT]" in str(refused.value)
        assert "example" not in str(refused.value)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT (SELECT mail FROM {table}) IS NULL FROM {table}",  # several rows where one is allowed
        "SELECT count(parse_url(concat('http://a b/', mail), 'HOST')) FROM {table}",
        "SELECT count(regexp_replace('a', concat('(', mail), '')) FROM {table}",
        "SELECT count(to_number(mail, '999')) FROM {table}",
        "SELECT count(unbase64(concat(mail, '!'))) FROM {table}",
        "SELECT count(parse_json(mail)) FROM {table}",
        "SELECT count(from_json(mail, 'x INT', map('mode', 'FAILFAST'))) FROM {table}",
        "SELECT count(decode(CAST(mail AS BINARY), concat('x', mail))) FROM {table}",
        "SELECT count(xpath_string(mail, '/a')) FROM {table}",
    ],
)
def test_each_error_at_run_time_is_the_checks_own(spark, sql):
    people = spark.createDataFrame([("ann@example.com",), ("bob@example.com",)], "mail string")
    with pytest.raises(RuleRefusedError, match="check `c`") as refused:
        run_checks(people, [Query("c", sql, "why", at_least=0)])
    assert "example" not in str(refused.value)


@pytest.mark.unit
def test_an_engine_or_session_that_is_gone_is_no_fault_of_a_check():
    import grpc
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException, SparkException

    gone = SparkConnectGrpcException("connection refused", grpc_status_code=grpc.StatusCode.UNAVAILABLE)
    closed = SparkConnectGrpcException(
        "closed", errorClass="INVALID_HANDLE.SESSION_CLOSED", messageParameters={}
    )
    assert not is_refusal(gone)
    assert not is_refusal(closed)
    assert is_refusal(SparkException("x", errorClass="SCALAR_SUBQUERY_TOO_MANY_ROWS", messageParameters={}))


def test_a_decimal_and_a_rate_meet_the_bound_that_is_written(spark):
    prices = spark.sql(
        "SELECT CAST(0.3 AS DECIMAL(10, 2)) AS price, if(id = 0, NULL, id) AS id FROM range(10)"
    )
    checks = [
        Check("price", "max(price)", "why", at_most=0.3),
        Check("nulls", null_rate("id"), "why", at_least=Decimal("0.1"), at_most=Decimal("0.1")),
        Check("strict", "max(price)", "why", "warn", less_than=0.3),
    ]
    assert [found.outcome.value for found in run_checks(prices, checks)] == ["passed", "passed", "warned"]


def test_a_table_with_the_name_of_the_checked_one_is_refused(orders):
    with pytest.raises(RuleDeclarationError, match="cannot be given as `now`"):
        run_checks(orders, (), tables={"now": "a.b.c"})


def test_a_query_reads_a_table_by_its_quoted_name(spark, catalog, orders):
    name = catalog.table_name("silver", "customers")
    spark.range(3).write.format("delta").saveAsTable(name)
    query = Query("q", "SELECT count(*) FROM {customers}", "why", at_least=3)
    (found,) = run_checks(orders, [query], tables={"customers": name})
    assert (found.value, found.outcome.value) == (3, "passed")


def test_what_is_measured_is_recorded_once_a_run_and_has_a_trend(spark, catalog):
    name = catalog.table_name("ops", "quality_metrics")
    orders = catalog.table_name("silver", "orders")
    stale = Check("fresh", "max(id)", "old", at_most=5)
    for run in range(7):
        failed = 500 if run == 6 else run
        count = RuleCount("short", "row", Severity.ERROR, 1000, failed, Limit(percent=5))
        (check,) = run_checks(spark.range(3), [stale])
        found = Measurement(orders, (count,), 1.5, "orders 1.0.0", "abc", (check,))
        record_metrics(
            spark, name, [found], run_id=str(run), git_sha="sha", measured_at=1_000_000 * (run + 1)
        )
    # The task of the first run was repeated.
    again = Measurement(orders, (RuleCount("short", "row", Severity.ERROR, 1000, 3),), 1.5, "", "abc")
    record_metrics(spark, name, [again], run_id="0", git_sha="sha", measured_at=1_500_000)
    rows = spark.table(name).where("run_id = '6'").orderBy("rule").collect()
    assert [
        (row["rule"], row["kind"], row["rate"], row["value"], row["limit"], row["outcome"]) for row in rows
    ] == [
        ("fresh", "check", None, 2.0, "at most 5", "passed"),
        ("short", "row", 0.5, None, "5 %", "stopped"),
    ]
    trend = read_trend(spark, name, table=orders, rule="short")
    assert [point.number for point in trend.points] == [0.003, 0.001, 0.002, 0.003, 0.004, 0.005, 0.5]
    assert trend.is_unusual
    assert not read_trend(spark, name, table=orders, rule="fresh").is_unusual
    assert [point.run_id for point in read_trend(spark, name, table=orders, rule="short", runs=2).points] == [
        "5",
        "6",
    ]
    assert read_trend(spark, name, table=orders, rule="none").points == ()
    the_trends_of_all_rules_come_at_once(spark, name, catalog, orders)
    a_check_that_was_removed_is_not_current(spark, name, catalog, check)
    # A run that judged no row has the rate 0, which would be unusual here.
    nothing = Measurement(orders, (RuleCount("short", "row", Severity.ERROR, 0, 0),), 1.5, "", "abc")
    record_metrics(spark, name, [nothing], run_id="7", git_sha="sha", measured_at=8_000_000)
    assert read_trend(spark, name, table=orders, rule="short").points == trend.points
    the_report_of_a_run_has_its_last_attempt(spark, name, orders)


def the_trends_of_all_rules_come_at_once(spark, name, catalog, orders):
    """A rule that its table was measured without since is not current; outside of a job each measurement is a run."""
    customers = catalog.table_name("silver", "customers")
    for second, (rule, definition) in enumerate((("old", "a"), ("old", "a"), ("new", "b"))):
        found = Measurement(customers, (RuleCount(rule, "row", Severity.ERROR, 9, 1),), 1.5, "", definition)
        record_metrics(spark, name, [found], run_id="unknown", git_sha="sha", measured_at=second + 1)
    trends = read_trends(spark, name)
    assert [(item.table, item.rule, item.is_current, len(item.trend.points)) for item in trends] == [
        (customers, "new", True, 1),
        (customers, "old", False, 2),
        (orders, "fresh", True, 7),
        (orders, "short", True, 7),
    ]
    fresh, short = trends[2:]
    assert (short.checked, short.failed, short.rate, short.limit, short.outcome) == (
        *(1000, 500, 0.5, "5 %"),
        "stopped",
    )
    assert (fresh.checked, fresh.value, fresh.kind, fresh.limit) == (None, 2.0, "check", "at most 5")
    assert [item.is_unusual for item in trends] == [False, False, False, True]
    assert [point.number for point in short.trend.points[:2]] == [0.003, 0.001]
    assert read_trends(spark, name, table=orders, rule="short") == (short,)
    assert not read_trends(spark, name, table=customers, rule="old")[0].is_current
    assert len(read_trends(spark, name, runs=2)[-1].trend.points) == 2


def a_check_that_was_removed_is_not_current(spark, name, catalog, check):
    """Also the last one of a table, once new rows of it were judged."""
    shops = catalog.table_name("silver", "shops")
    old, count = replace(check, check="old"), RuleCount("short", "row", Severity.ERROR, 9, 1)
    runs = [([check, old], "two"), ([check], "one"), ([], "")]
    current = []
    for second, (found, declared) in enumerate(runs):
        measured = Measurement(shops, (count,), 1.5, "", "a", tuple(found), declared)
        record_metrics(spark, name, [measured], run_id="9", git_sha="sha", measured_at=second + 1)
        trends = read_trends(spark, name, table=shops)
        current.append([item.rule for item in trends if item.is_current])
    assert current == [["fresh", "old", "short"], ["fresh", "short"], ["short"]]


def the_report_of_a_run_has_its_last_attempt(spark, name, orders):
    whole = report_of_run(spark, name, "0")
    assert [(item.table, item.rule, item.failed, item.value) for item in whole.found] == [
        (orders, "fresh", None, 2.0),
        (orders, "short", 3, None),
    ]
    again = report_of_run(spark, name, "0", since=datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC))
    assert [(item.rule, item.failed, item.limit) for item in again.found] == [("short", 3, None)]
    assert report_of_run(spark, name, "6").outcome.value == "stopped"
    assert report_of_run(spark, name, "none").found == ()
    assert report_of_run(spark, f"{name}_of_nobody", "0", stopped_by="why").outcome.value == "stopped"


def test_a_masked_number_is_compared_and_neither_printed_nor_kept(spark, orders):
    query = Query("top", "SELECT max(id) + 40 FROM {table}", "too much", "warn", at_most=5, masked=True)
    (result,) = run_checks(orders, [query])
    assert (result.outcome, result.value) == (Outcome.WARNED, None)
    assert str(result) == "`top`: too much: ***; allowed: at most 5"
