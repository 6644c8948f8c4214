"""Lineage: what the engine records of every statement, and that it never harms one."""

import json
import re
import time
from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql.types import StringType

from lakewright.lineage.statements import ROWS, read_events, read_statements

pytestmark = [pytest.mark.integration, pytest.mark.drawn(6)]

GOLDEN = Path(__file__).parent / "lineage"
SECRET = "secret-literal"
UNRECORDED = re.compile(r"SET|RESET|CREATE OR REPLACE TEMP|CREATE TABLE \w+ \(")
SETUP = (
    "CREATE TABLE orders (id INT, customer STRING, amount DECIMAL(10,2), day DATE, qty INT, qty2 INT, tags ARRAY<STRING>, "
    "info STRUCT<a: INT, b: STRING>)",
    "CREATE TABLE customers (id STRING, name STRING, country STRING)",
    "CREATE TABLE parts (size BIGINT, label STRING)",
    "CREATE TABLE t (id INT, customer STRING, total INT, day DATE) PARTITIONED BY (day)",
    "CREATE TABLE copied (id INT, qty INT)",
    "CREATE VIEW v_paid AS SELECT id, amount AS paid FROM orders WHERE qty > 0",
    "CREATE VIEW v_twice AS SELECT paid * 2 AS twice FROM v_paid",
    "CREATE VOLUME files",
)


def golden(name):
    """The cases of a file: name, statements, expected lines; a case begins with `#`, its expectation with `>`."""
    for block in (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").split("\n\n"):
        head, *lines = block.strip().splitlines()
        yield (
            head.removeprefix("# "),
            lines[0],
            [line.removeprefix("> ") for line in lines[1:]],
        )


def short(name):
    """A name without the catalog and the schema of the test."""
    return re.sub(r"^(/Volumes/)?c\d+_analytics[./]s([./])", lambda found: found[2].strip("."), name)


def shown(statement):
    """A statement as the golden files show it."""
    edges = sorted(statement.edges, key=lambda edge: edge.target.name == ROWS)
    return [
        f"{edge.target.name} <- {short(edge.source.dataset.name)}.{edge.source.name} {'+'.join(edge.ways)}"
        for edge in edges
    ]


def head(statement):
    inputs = ",".join(short(item.name) for item in statement.inputs)
    return f"{statement.operation} {inputs} -> {short(statement.output.name) if statement.output else ''}"


def lost(event):
    """How many events before this one could not be written."""
    return event["run"]["facets"]["lakewright"].get("lost", 0)


class Recorded:
    """The events of the session's engine; `since` returns the statements of a block."""

    def __init__(self, spark, folder):
        self.spark, self.folder, self.number = spark, folder, 0

    def events(self):
        """All events so far: those of a last statement are waited for, because the file has the order of the statements."""
        self.number += 1
        marker = f"marker{self.number}"
        self.spark.sql(f"CREATE VIEW c9999_analytics.s.{marker} AS SELECT id FROM c9999_analytics.s.orders")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = list(read_events(self.folder))
            if any(item["name"].endswith(f".{marker}") for item in found[-1]["outputs"]):
                return [event for event in found if "marker" not in event["job"]["name"] or lost(event)]
            time.sleep(0.02)
        pytest.fail("the events did not arrive")

    def run(self, action):
        """The statements that an action has completed."""
        before = len(self.events())
        action()
        return list(read_statements(self.events()[before:]))


@pytest.fixture(scope="module")
def recorded(spark, root):
    spark.udf.register("shout", lambda text, _: text, StringType())
    spark.sql("CREATE CATALOG c9999_analytics")
    spark.sql("CREATE SCHEMA c9999_analytics.s")
    spark.sql("USE c9999_analytics.s")
    for statement in SETUP:
        spark.sql(statement)
    yield Recorded(spark, root / "lineage")
    spark.sql("USE spark_catalog.default")
    spark.sql("DROP CATALOG c9999_analytics CASCADE")


VOLUME = "/Volumes/c9999_analytics/s/files"


@pytest.fixture(scope="module")
def shapes(spark, recorded):
    """One view for each query of the golden file; its lineage by the name of the case."""
    names = {}

    def create():
        for number, (name, query, _) in enumerate(golden("shapes")):
            names[f"shape{number}"] = name
            spark.sql(f"CREATE VIEW shape{number} AS {query}")

    return {names[short(found.output.name)]: shown(found) for found in recorded.run(create)}


@pytest.mark.parametrize(
    ("name", "query", "expected"), [pytest.param(*case, id=case[0]) for case in golden("shapes")]
)
def test_each_column_of_a_query_names_its_columns(shapes, name, query, expected):
    assert shapes[name] == expected, query


@pytest.fixture(scope="module")
def writes(spark, recorded):
    """The statements of the golden file, in its order; their lineage by the name of the case."""

    def write():
        for _, statements, _ in golden("writes"):
            for statement in statements.replace("{volume}", VOLUME).split("; "):
                spark.sql(statement)

    found = iter(recorded.run(write))
    last = {}
    for name, statements, _ in golden("writes"):
        moving = [text for text in statements.split("; ") if not UNRECORDED.match(text)]
        last[name] = [next(found) for _ in moving][-1]
    assert list(found) == []
    return {name: [head(statement), *shown(statement)] for name, statement in last.items()}


@pytest.mark.parametrize(
    ("name", "text", "expected"), [pytest.param(*case, id=case[0]) for case in golden("writes")]
)
def test_each_statement_that_writes_names_its_target_and_its_columns(writes, name, text, expected):
    assert writes[name] == expected, text


def test_no_literal_of_a_statement_is_in_an_event(recorded, shapes, writes):
    assert SECRET not in json.dumps(recorded.events())


def test_statements_that_move_no_data_are_not_recorded(spark, recorded):
    def look():
        for text in ("SELECT 1", "SHOW TABLES", "DESCRIBE HISTORY orders", "EXPLAIN SELECT * FROM orders"):
            spark.sql(text).collect()
        spark.sql("SELECT * FROM c9999_analytics.information_schema.tables").collect()
        spark.sql("OPTIMIZE orders")

    assert recorded.run(look) == []


def test_a_read_without_a_target_names_its_sources(spark, recorded):
    (found,) = recorded.run(lambda: spark.sql("SELECT id FROM orders WHERE qty = 1").collect())
    assert (head(found), found.output) == ("READ orders -> ", None)


def test_writers_of_data_frames_are_recorded_as_their_statements(spark, recorded):
    orders = spark.table("orders")

    def write():
        orders.selectExpr("id AS x").write.saveAsTable("saved")
        orders.selectExpr("qty AS x").write.mode("append").saveAsTable("saved")
        orders.select("id", "qty").write.csv(f"{VOLUME}/landing/day=1", header=True)
        orders.write.format("delta").save(f"{VOLUME}/delta")
        spark.sql(f"CREATE TABLE from_delta AS SELECT amount FROM delta.`{VOLUME}/delta`")
        on_machine = f"file:{recorded.folder.with_name('lakehouse')}/volumes/c9999_analytics/s/files/landing"
        spark.read.schema("id INT").csv(on_machine).write.saveAsTable("from_machine")

    found = recorded.run(write)
    assert [head(one) for one in found] == [
        "CREATE TABLE AS SELECT orders -> saved",
        "INSERT orders -> saved",
        "WRITE orders -> /files/landing",
        "WRITE orders -> /files/delta",
        "CREATE TABLE AS SELECT /files/delta -> from_delta",
        "CREATE TABLE AS SELECT /files/landing -> from_machine",
    ]
    assert shown(found[1]) == ["x <- orders.qty IDENTITY"]
    assert shown(found[4]) == ["amount <- /files/delta.amount IDENTITY"]


def test_a_python_function_over_batches_is_made_of_all_columns(spark, recorded):
    batches = spark.table("orders").select("id", "qty").mapInPandas(lambda frames: frames, "a int, b int")
    (found,) = recorded.run(lambda: batches.write.saveAsTable("mapped"))
    assert shown(found) == [f"{a} <- orders.{b} TRANSFORMATION" for a in "ab" for b in ("id", "qty")]


def test_a_checkpoint_keeps_where_its_columns_come_from(spark, recorded):
    def write():
        spark.table("orders").selectExpr("id AS ck").localCheckpoint().write.saveAsTable("from_checkpoint")

    assert shown(recorded.run(write)[-1]) == ["ck <- orders.id IDENTITY"]


def run_stream(writer, folder):
    query = writer.option("checkpointLocation", str(folder)).trigger(availableNow=True)
    started = query.toTable("streamed") if "foreach" not in folder.name else query.start()
    assert started.awaitTermination(60)
    assert started.exception() is None


def test_a_stream_and_its_batches_name_the_table_they_read(spark, recorded, tmp_path):
    spark.sql("INSERT INTO orders (id, qty) VALUES (1, 2)")
    spark.sql("CREATE TABLE merged (id INT, twice INT)")
    rows = spark.readStream.table("orders").selectExpr("id", "qty * 2 AS twice")

    def merge(batch, _):
        batch.createOrReplaceTempView("batch")
        batch.sparkSession.sql(
            "MERGE INTO c9999_analytics.s.merged t USING batch s ON t.id = s.id WHEN NOT MATCHED THEN INSERT *"
        )

    def both():
        run_stream(rows.writeStream, tmp_path / "table")
        run_stream(rows.writeStream.foreachBatch(merge), tmp_path / "foreach")

    stream, merged, batch = recorded.run(both)
    assert [head(one) for one in (stream, merged, batch)] == [
        "STREAM orders -> streamed",
        "MERGE orders -> merged",
        "STREAM orders -> ",
    ]
    direct = ["id <- orders.id IDENTITY", "twice <- orders.qty TRANSFORMATION"]
    assert shown(stream) == direct
    assert shown(merged) == [*direct, "* <- orders.id JOIN"]


def test_the_batches_of_a_stream_are_told_once(spark, recorded, tmp_path):
    spark.sql("CREATE TABLE parts_of_it (n INT)")
    for number in range(3):
        spark.sql(f"INSERT INTO parts_of_it VALUES ({number})")
    rows = spark.readStream.option("maxFilesPerTrigger", 1).table("parts_of_it")

    def stream():
        query = rows.writeStream.option("checkpointLocation", str(tmp_path / "c")).trigger(availableNow=True)
        started = query.toTable("streamed_in_parts")
        assert started.awaitTermination(60)
        assert len([batch for batch in started.recentProgress if batch["numInputRows"]]) == 3

    assert [head(found) for found in recorded.run(stream)] == ["STREAM parts_of_it -> streamed_in_parts"]


@pytest.mark.parametrize(
    ("path", "namespace", "name"),
    [
        ("s3a://key:password@bucket/a/b", "s3a://bucket", "/a/b"),
        ("abfss://files@account.dfs.core.windows.net/a", "abfss://files@account.dfs.core.windows.net", "/a"),
        ("/Volumes/c/s/v/orders/day=1/*.csv", "n", "/Volumes/c/s/v/orders"),
        ("/Volumes/C/S/v/one.csv", "n", "/Volumes/c/s/v"),
        ("dbfs:/tmp/x/*", "dbfs", "/tmp/x"),
        ("file:/nowhere/x/part.csv", "file", "/nowhere/x"),
    ],
)
def test_a_path_is_named_by_its_folder_and_without_a_password(spark, recorded, path, namespace, name):
    jvm = spark._jvm
    lakehouse = jvm.java.nio.file.Paths.get(
        str(recorded.folder.with_name("lakehouse")), spark._sc._gateway.new_array(jvm.String, 0)
    )
    store = jvm.lakewright.MetadataStore(lakehouse)
    nothing = jvm.scala.jdk.javaapi.CollectionConverters.asScala(jvm.java.util.ArrayList()).toSeq()
    dbfs = jvm.lakewright.DbfsPlaces(store, nothing, jvm.scala.Option.empty())
    paths = jvm.lakewright.LineagePaths("n", jvm.lakewright.CatalogPlaces(store, dbfs), dbfs)
    found = paths.of(jvm.org.apache.hadoop.fs.Path(path)).get()
    assert (found.namespace(), found.name()) == (namespace, name)


def test_a_failed_statement_says_its_condition_and_not_its_message(spark, recorded):
    spark.sql("INSERT INTO orders (id, customer) VALUES (1, 'no-number')")

    def fail():
        with pytest.raises(PySparkException, match="no-number"):
            spark.sql("INSERT INTO t (id) SELECT CAST(customer AS INT) FROM orders")

    assert recorded.run(fail) == []
    event = recorded.events()[-1]
    assert event["eventType"] == "FAIL"
    assert event["run"]["facets"]["errorMessage"]["message"] == "CAST_INVALID_INPUT"
    assert "no-number" not in json.dumps(event)


def test_each_run_has_one_start_and_one_end(recorded):
    kinds = {}
    for event in recorded.events():
        kinds.setdefault(event["run"]["runId"], []).append(event["eventType"])
    assert {tuple(found) for found in kinds.values()} <= {("START", "COMPLETE"), ("START", "FAIL")}


def test_the_session_says_which_job_and_principal_a_statement_runs_for(spark, recorded):
    settings = {
        "job": "flights",
        "task": "bronze",
        "run_id": "run-1",
        "attempt": "2",
        "notebook": "/Workspace/bronze",
    }
    for key, value in settings.items():
        spark.conf.set(f"spark.lakewright.lineage.{key}", value)
    try:
        (found,) = recorded.run(lambda: spark.table("orders").collect())
        event = recorded.events()[-1]
    finally:
        for key in settings:
            spark.conf.unset(f"spark.lakewright.lineage.{key}")
    assert found.job == "flights.bronze"
    assert settings.items() <= event["run"]["facets"]["lakewright"].items()
    assert event["job"]["name"] == "flights.bronze.read"


def test_a_thousand_columns_are_recorded_and_a_million_edges_are_counted(spark, recorded):
    columns = [f"c{number}" for number in range(1000)]

    def wide():
        spark.sql(
            f"CREATE VIEW wide AS SELECT {', '.join(f'id + 1 AS {name}' for name in columns)} FROM orders"
        )
        spark.sql("CREATE VIEW joined AS SELECT to_json(struct(*)) AS all_of_it FROM wide")
        spark.sql(
            f"CREATE VIEW wider AS SELECT {', '.join(f'concat(all_of_it, {n}) AS {name}' for n, name in enumerate(columns))} FROM joined"
        )

    first, second, _ = recorded.run(wide)
    assert len(first.edges) == 1000
    assert len({edge.source for edge in second.edges}) == 1001
    facets = recorded.events()[-1]["outputs"][0]["facets"]
    assert facets["lakewright"]["columns_left_out"] > 1_000_000
    assert "columnLineage" not in facets


def test_ten_thousand_columns_lose_no_event(spark, recorded):
    count = 10_000  # over a table: Spark itself is quadratic over another query of so many columns
    columns = ", ".join(f"id + {number} AS c{number}" for number in range(count))
    (found,) = recorded.run(lambda: spark.sql(f"CREATE VIEW widest AS SELECT {columns} FROM orders"))
    assert [edge.target.name for edge in found.edges] == [f"c{number}" for number in range(count)]
    assert not any(map(lost, recorded.events()))


def test_columns_that_are_made_of_too_many_are_given_up_and_what_follows_is_recorded(spark, recorded):
    count = 1_050
    columns = ", ".join(f"id + {number} AS c{number}" for number in range(count))
    everything = ", ".join(f"concat(all_of_it, qty) AS c{number}" for number in range(count))
    spark.sql(f"CREATE TABLE many AS SELECT {columns} FROM orders")

    def wide():
        inner = "SELECT to_json(struct(*)) AS all_of_it, 'x' || c1 AS qty FROM many"
        spark.sql(f"CREATE VIEW hopeless AS SELECT {everything} FROM ({inner})")
        spark.sql("CREATE VIEW narrow_again AS SELECT c1 FROM many")

    before = recorded.run(wide)
    assert [short(found.output.name) for found in before] == ["hopeless", "narrow_again"]
    (event,) = (
        event
        for event in recorded.events()
        if event["outputs"]
        and event["eventType"] == "COMPLETE"
        and event["outputs"][0]["name"].endswith(".hopeless")
    )
    facets = event["outputs"][0]["facets"]
    assert facets["lakewright"]["columns_left_out"] > 1_000_000
    assert "columnLineage" not in facets
    assert len(facets["schema"]["fields"]) == count
    assert [short(item["name"]) for item in event["inputs"]] == ["many"]
    assert [short(edge.source.dataset.name) for edge in before[1].edges] == ["many"]
    assert not any(map(lost, recorded.events()))


@pytest.fixture(scope="module")
def people(spark, recorded):
    """A table with a mask and a row filter, views of it, and a principal who may use all of them."""
    for statement in (
        "CREATE TABLE people (id INT, name STRING, region STRING)",
        "CREATE FUNCTION hide(x STRING) RETURNS STRING RETURN '***'",
        "CREATE FUNCTION domestic(x STRING) RETURNS BOOLEAN RETURN x = 'DE'",
        "ALTER TABLE people ALTER COLUMN name SET MASK hide",
        "ALTER TABLE people SET ROW FILTER domestic ON (region)",
        "CREATE VIEW v_people AS SELECT id, name AS called FROM people",
        "CREATE VIEW v_mixed AS SELECT concat(name, region) AS joined, upper(name) AS loud, "
        "CASE WHEN name = 'x' THEN region END AS decided FROM people",
        "GRANT ALL PRIVILEGES ON CATALOG c9999_analytics TO `bob@example.com`",
    ):
        spark.sql(statement)


@pytest.fixture
def masked(people, another_session):
    session = another_session("bob@example.com")
    session.sql("USE c9999_analytics.s")
    return session


def test_a_column_that_goes_through_a_mask_says_so_through_a_view_and_a_join(spark, recorded, masked):
    def write():
        masked.sql("CREATE TABLE masked_guests AS SELECT p.id, p.name, region FROM people p")
        masked.sql(
            "CREATE TABLE masked_join AS SELECT o.qty, upper(v.called) AS loud, count(p.name) AS n FROM orders o "
            "JOIN v_people v ON o.customer = v.called JOIN people p ON p.id = o.id GROUP BY 1, 2"
        )
        spark.sql("CREATE TABLE unmasked AS SELECT name FROM people")

    guests, joined, plain = recorded.run(write)
    ways = {
        (found.target.name, short(found.source.dataset.name), found.source.name): found
        for found in joined.edges
    }
    assert {key for key, edge in ways.items() if edge.is_masked} == {
        ("loud", "people", "name"),
        ("n", "people", "name"),
        ("*", "people", "name"),
        ("loud", "v_people", "called"),
        ("*", "v_people", "called"),
    }
    assert ways["loud", "people", "name"].ways == ("TRANSFORMATION",)
    assert ways["n", "people", "name"].ways == ("AGGREGATION",)
    assert not ways["*", "people", "region"].is_masked
    assert {edge.target.name: edge.is_masked for edge in guests.edges if edge.is_direct} == {
        "id": False,
        "name": True,
        "region": False,
    }
    assert [edge.is_masked for edge in plain.edges] == [False]


def test_a_views_column_is_masked_only_where_every_value_in_it_is(recorded, masked):
    (mixed,) = recorded.run(lambda: masked.sql("CREATE TABLE masked_mixed AS SELECT * FROM v_mixed"))
    found = {
        (edge.target.name, short(edge.source.dataset.name), edge.source.name): edge.is_masked
        for edge in mixed.edges
        if edge.target.name != ROWS
    }
    assert found == {
        ("joined", "people", "name"): True,
        ("joined", "people", "region"): False,
        ("joined", "v_mixed", "joined"): False,
        ("loud", "people", "name"): True,
        ("loud", "v_mixed", "loud"): True,
        ("decided", "people", "name"): True,
        ("decided", "people", "region"): False,
        ("decided", "v_mixed", "decided"): False,
    }


def facets_of(event):
    """All facets of an event, by name."""
    holders = [event["run"], event["job"], *event["inputs"], *event["outputs"]]
    return [pair for holder in holders for pair in holder["facets"].items() if pair[0] != "lakewright"]


def test_every_event_is_one_of_the_official_client(recorded, shapes, writes):
    """The classes of `openlineage-python` take each facet, and have its schema."""
    official = pytest.importorskip("openlineage.client.facet_v2")
    client = pytest.importorskip("openlineage.client.event_v2")
    columns = official.column_lineage_dataset
    known = {
        "processing_engine": official.processing_engine_run.ProcessingEngineRunFacet,
        "parent": official.parent_run.ParentRunFacet,
        "errorMessage": official.error_message_run.ErrorMessageRunFacet,
        "jobType": official.job_type_job.JobTypeJobFacet,
        "datasetType": official.dataset_type_dataset.DatasetTypeDatasetFacet,
        "schema": official.schema_dataset.SchemaDatasetFacet,
        "columnLineage": columns.ColumnLineageDatasetFacet,
    }
    for event in recorded.events():
        assert event["schemaURL"] == client.RunEvent._get_schema()
        client.RunEvent(
            eventTime=event["eventTime"],
            producer=event["producer"],
            run=client.Run(event["run"]["runId"]),
            job=client.Job(event["job"]["namespace"], event["job"]["name"]),
            eventType=client.RunState[event["eventType"]],
        )
        for name, facet in facets_of(event):
            fields = {key: value for key, value in facet.items() if not key.startswith("_")}
            assert facet["_schemaURL"] == known[name](**fields)._get_schema()
            for listed in (*facet.get("fields", {}).values(),) if name == "columnLineage" else ():
                for item in columns.Fields(**listed).inputFields:
                    assert [
                        columns.Transformation(**way) for way in columns.InputField(**item).transformations
                    ]


def test_a_statement_succeeds_although_its_lineage_cannot_be_written(spark, recorded):
    kept = recorded.folder.with_name("kept")
    for _ in range(100):  # until the thread that writes has met the folder that is none
        recorded.folder.rename(kept)
        recorded.folder.write_text("not a folder", encoding="utf-8")
        try:
            assert spark.sql("SELECT count(id) FROM orders WHERE id = 404").collect()[0][0] == 0
        finally:
            recorded.folder.unlink()
            kept.rename(recorded.folder)
        if any(map(lost, recorded.events())):
            break
    else:
        pytest.fail("no event says that others were lost")
    (found,) = recorded.run(lambda: spark.table("customers").collect())
    assert head(found) == "READ customers -> "


@pytest.mark.over_connect
def test_each_kind_of_session_is_recorded(spark, schema, lakehouse):
    spark.sql(f"CREATE TABLE {schema}.a (x INT)")
    spark.sql(f"CREATE TABLE {schema}.b AS SELECT x + 1 AS y FROM {schema}.a")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for found in read_statements(read_events(lakehouse.with_name("lineage"))):
            if found.output and found.output.name == f"{schema}.b":
                assert shown(found) == ["y <- a.x TRANSFORMATION"]
                return
        time.sleep(0.05)
    pytest.fail("the statement was not recorded")
