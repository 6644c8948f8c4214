"""The engine works over Connect, on classic sessions, in `foreachBatch` and in a declarative pipeline; and with odd tables."""

import json
import subprocess
import sys
import textwrap

import pytest

from databricks_utils.quality import (
    Check,
    Group,
    MissingTableError,
    Reference,
    Rule,
    RuleRefusedError,
    Unique,
    annotate,
    check_columns,
    counts,
    run_checks,
    split,
)

pytestmark = [pytest.mark.integration, pytest.mark.drawn(5)]

RULES = (
    Rule("is_small", "id < 4", "too large", value="id"),
    Unique("is_unique", ("k",), "twice"),
    Group("is_whole", (), "count(*)", "few rows", at_least=2),
    Reference("is_known", ("k",), "known", "unknown", to_columns=("id",)),
)
EXPECTED = {
    0: {"is_unique"},
    1: {"is_unique"},
    2: {"is_known"},
    3: {"is_unique"},
    4: {"is_small", "is_unique"},
}


def judged(frame):
    rows = frame.collect()
    assert len(rows) == len({row["id"] for row in rows})
    return {row["id"]: {failure["rule"] for failure in row["_failures"]} for row in rows}


def test_a_declarative_pipeline_judges_in_a_view_and_in_a_streaming_table(spark, catalog, tmp_path):
    pytest.importorskip("pyspark.pipelines")
    import pyspark.pipelines as dp
    from pyspark.pipelines.add_pipeline_analysis_context import add_pipeline_analysis_context
    from pyspark.pipelines.graph_element_registry import graph_element_registration_context
    from pyspark.pipelines.spark_connect_graph_element_registry import SparkConnectGraphElementRegistry
    from pyspark.pipelines.spark_connect_pipeline import create_dataflow_graph, start_run

    source = catalog.table_name("silver", "source")
    spark.range(5).selectExpr("id", "id % 3 AS k").write.format("delta").saveAsTable(source)
    catalog_name, schema, _ = source.split(".")
    graph = create_dataflow_graph(spark, catalog_name, schema, None)
    registry = SparkConnectGraphElementRegistry(spark, graph)
    with (
        graph_element_registration_context(registry),
        add_pipeline_analysis_context(spark=spark, dataflow_graph_id=graph, flow_name=None),
    ):

        @dp.materialized_view(name="viewed")
        def viewed():
            rows = spark.read.table(source)
            return annotate(rows, RULES, tables={"known": rows.where("id < 2")})

        @dp.table(name="streamed")
        def streamed():
            known = spark.read.table(source).where("id < 2")
            return annotate(spark.readStream.table(source), [RULES[0], RULES[3]], tables={"known": known})

    list(start_run(spark, graph, None, False, None, False, tmp_path.as_uri()))
    assert judged(spark.table(f"{catalog_name}.{schema}.viewed")) == EXPECTED
    of_rows = {key: names & {"is_small", "is_known"} for key, names in EXPECTED.items()}
    assert judged(spark.table(f"{catalog_name}.{schema}.streamed")) == of_rows


CLASSIC = """
import json, sys
from databricks_utils.config import ConfigLoader
from databricks_utils.spark import SparkSessionFactory
from databricks_utils.quality import Check, Query, Rule, RuleRefusedError, annotate, counts, run_checks
from test_everywhere import EXPECTED, RULES, judged

folder, table, target, checkpoint = sys.argv[1:]
spark = SparkSessionFactory.create("local", folder)
assert spark.sparkContext is not None  # Connect has none
rows = spark.table(table)
known = {"known": rows.where("id < 2")}
assert judged(annotate(rows, RULES, tables=known)) == EXPECTED
try:
    annotate(rows, [*RULES[:1], Rule("odd", "nope > 1", "why")])
    raise AssertionError("accepted")
except RuleRefusedError as refused:
    assert "`odd`" in refused.summary, refused
checks = [Check("c", "count(*)", "few", at_least=5), Query("q", "SELECT max(id) FROM {table}", "few", at_least=4)]
assert [result.outcome.value for result in run_checks(rows, checks)] == ["passed", "passed"]


def write(batch, number):
    own = {"known": batch.sparkSession.table(table).where("id < 2")}
    for session, is_read in ((batch.sparkSession, True), (spark, False)):
        given = {"known": session.table(table)}
        try:
            run_checks(batch, [Query("q", "SELECT count(*) FROM {known}", "few", at_least=5)], tables=given)
            assert is_read
        except RuleRefusedError as refused:
            assert not is_read and "another Spark session" in refused.summary, refused
    annotate(batch, RULES, tables=own).write.format("delta").mode("append").saveAsTable(target)


stream = spark.readStream.table(table).writeStream.foreachBatch(write).option("checkpointLocation", checkpoint)
stream.trigger(availableNow=True).start().awaitTermination()
assert judged(spark.table(target)) == EXPECTED
print(json.dumps([[c.rule, c.checked, c.failed] for c in counts(spark.table(target), RULES)]))
"""


def test_a_classic_session_judges_the_same_also_in_each_batch_of_a_stream(
    spark, catalog, lakehouse_project, tmp_path, monkeypatch
):
    from pathlib import Path

    source, target = (catalog.table_name("silver", name) for name in ("batches", "batches_checked"))
    spark.range(5).selectExpr("id", "id % 3 AS k").write.format("delta").saveAsTable(source)
    monkeypatch.setenv("DBX_SPARK__MODE", "classic")
    monkeypatch.setenv("PYTHONPATH", ":".join([str(Path(__file__).parent), *filter(None, sys.path)]))
    arguments = [str(lakehouse_project / "config"), source, target, (tmp_path / "checkpoint").as_uri()]
    done = subprocess.run(  # noqa: PLW1510 - the test reads what it printed
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(CLASSIC), *arguments],
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == [
        *(["is_small", 5, 1], ["is_unique", 5, 4], ["is_whole", 5, 0], ["is_known", 5, 1]),
    ]


def test_each_batch_of_a_stream_over_connect_is_judged(spark, catalog, tmp_path):
    source, target = (catalog.table_name("bronze", name) for name in ("drops", "drops_checked"))
    spark.range(5).write.format("delta").saveAsTable(source)

    def write(batch, number):
        from databricks_utils.quality import Rule, Unique, annotate

        rules = [Rule("is_small", "id < 4", "large"), Unique("is_unique", ("id",), "twice")]
        annotate(batch, rules).write.format("delta").mode("append").saveAsTable(target)

    stream = spark.readStream.table(source).writeStream.foreachBatch(write)
    stream.option("checkpointLocation", (tmp_path / "c").as_uri()).trigger(
        availableNow=True
    ).start().awaitTermination()
    assert judged(spark.table(target)) == {0: set(), 1: set(), 2: set(), 3: set(), 4: {"is_small"}}


def test_a_thousand_columns_with_a_rule_each_are_judged(spark):
    names = ["group", "a b", "c.d", "e`f", "größe", "日本", *(f"c{place}" for place in range(994))]
    quoted = [f"`{name.replace('`', '``')}`" for name in names]
    frame = spark.range(4).selectExpr(
        "id", *(f"if(id = 3, NULL, id + {at}) AS {name}" for at, name in enumerate(quoted))
    )
    rules = [Rule(f"rule_{at}", f"{name} > {at}", "why", value=name) for at, name in enumerate(quoted)]
    rows = annotate(frame, rules).select("id", "_failures", "_valid").collect()
    failed = {row["id"]: [(item["rule"], item["value"]) for item in row["_failures"]] for row in rows}
    every = [f"rule_{at}" for at in range(1000)]
    assert failed[0] == [(name, str(at)) for at, name in enumerate(every)]
    assert (failed[1], failed[2]) == ([], [])
    assert failed[3] == [(name, None) for name in every]


def test_no_rows_all_rows_and_deep_values_are_judged(spark):
    deep = "named_struct('a', array(named_struct('b.c', map('k', id))))"
    frame = spark.range(6).selectExpr("id", f"{deep} AS deep")
    rules = [
        Rule("deep_is_small", "deep.a[0].`b.c`['k'] < 0", "large", value="deep"),
        Unique("deep_is_unique", ("id",), "twice"),
        Group("is_whole", ("id",), "count(*)", "few", at_least=2),
    ]
    sides = split(frame, rules)
    assert sides.valid.count() == 0
    rows = sides.quarantined.orderBy("id").collect()
    assert [row["_failures"][0]["value"] for row in rows] == [
        f"{{[{{{{k -> {place}}}}}]}}" for place in range(6)
    ]
    assert {len(row["_failures"]) for row in rows} == {2}
    empty = annotate(frame.limit(0), rules)
    assert empty.collect() == []
    assert {(item.checked, item.failed, item.rate, item.is_exceeded) for item in counts(empty, rules)} == {
        (0, 0, 0.0, False)
    }
    assert {row["_valid"] for row in annotate(frame, ()).collect()} == {True}


@pytest.mark.parametrize(
    ("rule", "match"),
    [
        (Rule("odd", "nope > 1", "why"), r"(?s)`odd`.*`nope`"),
        (Rule("odd", "id >", "why"), "`odd`"),
        (Rule("odd", "id > 1) OR (id < 9", "why"), "`odd`"),
        (Rule("odd", "id + 1", "why"), "`odd`"),
        (Rule("odd", "id > 1", "why", value="nope"), "`odd`"),
        (Unique("odd", ("nope",), "why"), r"(?s)`odd`.*`nope`"),
        (Unique("odd", ("props",), "why"), "`odd`"),
        (Group("odd", ("id",), "id + nope", "why", at_least=1), "`odd`"),
        (Group("odd", ("id",), "max(props)", "why", at_least=1), "`odd`"),
    ],
)
def test_a_rule_that_spark_cannot_evaluate_is_named(spark, rule, match):
    frame = spark.range(1).selectExpr("id", "map('a', id) AS props")
    with pytest.raises(RuleRefusedError, match=match):
        check_columns(frame, [Rule("fine", "id >= 0", "why"), rule])
    check_columns(frame, [Rule("fine", "id >= 0", "why")])


def test_a_table_that_was_not_given_is_named(spark):
    with pytest.raises(MissingTableError, match="`r` needs the table `customers`") as missing:
        annotate(
            spark.range(1), [Reference("r", ("id",), "customers", "why")], tables={"customer": spark.range(1)}
        )
    assert missing.value.fix == "did you mean `customer`?"


def test_rows_that_change_each_time_are_judged_by_one_reading_of_each_condition(spark):
    rules = [Rule(f"rule_{at}", "rand() > 0.5", "why") for at in range(20)]
    rows = annotate(spark.range(200), rules).collect()
    assert all(row["_valid"] is (not row["_failures"]) for row in rows)


def test_a_rule_reads_the_columns_of_a_frame_with_an_alias(spark):
    frame = spark.range(3).alias("o")
    rules = [Rule("r", "o.id > 0", "why"), Unique("u", ("id",), "why"), Rule("own", frame["id"] > 1, "why")]
    assert judged(annotate(frame, rules)) == {0: {"r", "own"}, 1: {"own"}, 2: set()}
    assert run_checks(frame, [Check("c", "max(o.id)", "why", at_most=2)])[0].outcome.value == "passed"
