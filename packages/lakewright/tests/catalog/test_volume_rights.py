"""READ VOLUME and WRITE VOLUME on every way to a file of a volume: with no right, the right, on a parent, and the other right."""

import itertools
import shutil
from pathlib import Path

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]

READ, WRITE = "READ VOLUME", "WRITE VOLUME"
_NEW = itertools.count(1)


class Volume:
    """A volume with a CSV file and a Delta table, and a principal who may use its schema."""

    def __init__(self, spark, session, schema, tmp):
        self.spark, self.session, self.schema, self.tmp = spark, session, schema, tmp
        self.root = f"/Volumes/{schema.replace('.', '/')}/v"
        self.csv, self.delta = f"{self.root}/in", f"{self.root}/d"
        found = spark.sql(f"DESCRIBE VOLUME {schema}.v").first()
        self.folder = found["storage_location"]
        self.names = {
            "s": schema,
            "spark": f"spark_catalog.{_database(schema)}",
            "root": self.root,
            "csv": self.csv,
            "delta": self.delta,
            "folder": self.folder,
        }

    def sql(self, text):
        return self.session.sql(text.format(**self.names, n=next(_NEW))).collect()

    def new(self):
        return f"{self.root}/new{next(_NEW)}"

    def fresh(self):
        return str(self.tmp / f"new{next(_NEW)}")


def _database(schema):
    return schema.replace(".", "_")


@pytest.fixture(scope="module")
def checkpoint(spark, tmp_path_factory):
    """The checkpoint of a stream that has counted something."""
    root = tmp_path_factory.mktemp("counted")
    spark.range(3).write.parquet(f"file:{root}/in")
    counted = spark.readStream.schema("id LONG").parquet(f"file:{root}/in").groupBy("id").count()
    writer = counted.writeStream.format("noop").outputMode("update").trigger(availableNow=True)
    writer.option("checkpointLocation", f"file:{root}/state").start().awaitTermination()
    return root / "state"


@pytest.fixture
def sparks(spark, volume, schema):
    """Tables of Spark's own catalog, most of them over files of the volume; what is made beside them is dropped."""
    database, root = f"spark_catalog.{_database(schema)}", volume.root
    spark.sql(f"CREATE DATABASE {database}")
    for statement in (
        f"TABLE {database}.csv (x INT) USING csv LOCATION '{root}/in'",
        f"TABLE {database}.written (x INT) USING csv LOCATION '{root}/out'",
        f"TABLE {database}.delta USING delta LOCATION '{root}/d'",
        f"TABLE {database}.parquet USING parquet LOCATION '{root}/p'",
        f"TABLE {database}.moved (x INT) USING csv LOCATION 'file:{volume.fresh()}'",
        f"TABLE {database}.parts (x INT, p INT) USING csv PARTITIONED BY (p) LOCATION 'file:{volume.fresh()}'",
    ):
        spark.sql(f"CREATE {statement}")
    yield
    for (name,) in spark.sql(f"SHOW DATABASES IN spark_catalog LIKE '{_database(schema)}*'").collect():
        spark.sql(f"DROP DATABASE spark_catalog.{name} CASCADE")


@pytest.fixture
def volume(spark, catalog, schema, another_session, tmp_path):
    spark.sql(f"CREATE VOLUME {schema}.v")
    spark.sql(f"CREATE TABLE {schema}.mine (x INT)")
    root = f"/Volumes/{schema.replace('.', '/')}/v"
    spark.range(2).selectExpr("CAST(id AS INT) AS x").write.csv(f"{root}/in")
    spark.range(2).write.parquet(f"{root}/p")
    rows = spark.range(2).selectExpr("CAST(id AS INT) AS x")
    rows.write.format("delta").option("delta.enableChangeDataFeed", "true").save(f"{root}/d")
    rows.write.format("delta").mode("append").save(
        f"{root}/d"
    )  # Delta does nothing where it restores what is there
    spark.sql(f"GRANT USE CATALOG ON CATALOG {catalog} TO bob")
    spark.sql(f"GRANT USE SCHEMA, CREATE TABLE, CREATE VOLUME ON SCHEMA {schema} TO bob")
    spark.sql(f"GRANT SELECT, MODIFY ON TABLE {schema}.mine TO bob")
    return Volume(spark, another_session("bob"), schema, tmp_path)


def _sql(text):
    return lambda volume: volume.sql(text)


def _streamed(volume, source, **options):
    writer = source.writeStream.trigger(availableNow=True).option("checkpointLocation", volume.fresh())
    for key, value in options.items():
        writer = writer.option(key, value) if key != "format" else writer.format(value)
    writer.start().awaitTermination()


def _by_another_connector(volume):
    volume.session.conf.set("spark.sql.sources.useV1SourceList", "")
    try:
        volume.session.read.csv(volume.csv).collect()
    finally:
        volume.session.conf.unset("spark.sql.sources.useV1SourceList")


def _csv_stream(volume):
    return volume.session.readStream.schema("x INT").csv(volume.csv)


def _cleaned(volume, source, **options):
    volume.spark.range(1).selectExpr("CAST(id AS INT) AS x").write.csv(source)
    reader = volume.session.readStream.schema("x INT").options(**options)
    _streamed(volume, reader.csv(source), format="noop")


def _archived(volume):
    # Of the file system of volumes: Spark moves files within that of its source.
    _cleaned(volume, f"dbfs:/tmp/cleaned{next(_NEW)}", cleanSource="ARCHIVE", sourceArchiveDir=volume.new())


def _left(volume):
    return volume.session.readStream.schema("x INT").option("cleanSource", "off").csv(volume.csv)


def _made_by_name(volume):
    name = volume.names["spark"]
    volume.session.catalog.createTable(f"{name}.made{next(_NEW)}", path=volume.csv, source="text").collect()


def _in_sparks(do):
    """With Spark's catalog as the current one: these take no name of three parts."""

    def way(volume):
        catalog = volume.session.catalog
        before = catalog.currentCatalog()
        catalog.setCurrentCatalog("spark_catalog")
        try:
            do(volume, _database(volume.schema))
        finally:
            catalog.setCurrentCatalog(before)

    return way


def _saved(volume, database):
    made = _rows(volume).write.format("csv").option("path", volume.new())
    made.saveAsTable(f"{database}.made{next(_NEW)}")


def _mine(volume):
    return volume.session.readStream.table(f"{volume.schema}.mine")


def _rows(volume):
    return volume.session.range(1).selectExpr("CAST(id AS INT) AS x")


WAYS = {
    "csv by path": ({READ}, _sql("SELECT * FROM csv.`{csv}`")),
    "dbfs path": ({READ}, _sql("SELECT * FROM text.`dbfs:{csv}`")),
    "name in capitals": ({READ}, lambda v: v.session.read.text(v.csv.replace("/v/", "/V/")).collect()),
    "dots in the path": ({READ}, lambda v: v.session.read.text(f"/tmp/..{v.csv}/../in").collect()),
    "pattern for the volume": ({READ}, lambda v: v.session.read.text(v.csv.replace("/v/", "/?/")).collect()),
    "alternatives": ({READ}, lambda v: v.session.read.text(v.csv.replace("/v/in", "/{v/in,v/x}")).collect()),
    "the schema's folder": (
        {READ},
        lambda v: (
            v.session.read.option("recursiveFileLookup", "true").text(v.root.rpartition("/")[0]).collect()
        ),
    ),
    "folder behind the volume": ({READ}, lambda v: v.session.read.text(f"file:{v.folder}/in").collect()),
    "folder above the volumes": (
        {READ},
        lambda v: (
            v.session.read.option("recursiveFileLookup", "true")
            .text(f"file:{Path(v.folder).parent}")
            .collect()
        ),
    ),
    "binary files": ({READ}, lambda v: v.session.read.format("binaryFile").load(v.csv).collect()),
    "path as an option": (
        {READ},
        lambda v: v.session.read.format("csv").option("path", v.csv).load().collect(),
    ),
    "delta by path": ({READ}, _sql("SELECT * FROM delta.`{delta}`")),
    "version of the past": ({READ}, _sql("SELECT * FROM delta.`{delta}` VERSION AS OF 0")),
    "change feed": (
        {READ},
        lambda v: (
            v.session.read.format("delta")
            .options(readChangeFeed="true", startingVersion="0")
            .load(v.delta)
            .collect()
        ),
    ),
    "description": ({READ}, _sql("DESCRIBE TABLE delta.`{delta}`")),
    "detail": ({READ}, _sql("DESCRIBE DETAIL delta.`{delta}`")),
    "history": ({READ}, _sql("DESCRIBE HISTORY delta.`{delta}`")),
    "subquery": ({READ}, _sql("SELECT * FROM {s}.mine WHERE x IN (SELECT x FROM delta.`{delta}`)")),
    "temporary view": (
        {READ},
        _sql("CREATE TEMPORARY VIEW t{n} (x INT) USING csv OPTIONS (path '{csv}')"),
    ),
    "copy into": (
        {READ},
        _sql("COPY INTO {s}.mine FROM (SELECT CAST(_c0 AS INT) AS x FROM '{csv}') FILEFORMAT = CSV"),
    ),
    "insert from files": ({READ}, _sql("INSERT INTO {s}.mine SELECT CAST(_c0 AS INT) FROM csv.`{csv}`")),
    "table as select": ({READ}, _sql("CREATE TABLE {s}.made{n} AS SELECT * FROM csv.`{csv}`")),
    "shallow clone": ({READ}, _sql("CREATE TABLE {s}.made{n} SHALLOW CLONE delta.`{delta}`")),
    "deep clone": ({READ}, _sql("CREATE TABLE {s}.made{n} CLONE delta.`{delta}`")),
    "file of a session": ({READ}, _sql("ADD FILE 'dbfs:{csv}/_SUCCESS'")),
    "another connector": ({READ}, _by_another_connector),
    "stream of files": ({READ}, lambda v: _streamed(v, _csv_stream(v), format="noop")),
    "stream of a table by path": (
        {READ},
        lambda v: _streamed(v, v.session.readStream.format("delta").load(v.delta), format="noop"),
    ),
    "save as csv": ({READ, WRITE}, lambda v: _rows(v).write.csv(v.new())),
    "save to the folder behind": (
        {READ, WRITE},
        lambda v: _rows(v).write.csv(f"file:{v.folder}/new{next(_NEW)}"),
    ),
    "save as delta": ({READ, WRITE}, lambda v: _rows(v).write.format("delta").save(v.new())),
    "append to delta": ({READ, WRITE}, lambda v: _rows(v).write.format("delta").mode("append").save(v.delta)),
    "insert into delta": ({READ, WRITE}, _sql("INSERT INTO delta.`{delta}` VALUES (7)")),
    "insert into a directory": (
        {READ, WRITE},
        _sql("INSERT OVERWRITE DIRECTORY '{root}/new{n}' USING csv SELECT 1 AS x"),
    ),
    "table by path": ({READ, WRITE}, _sql("CREATE TABLE delta.`{root}/new{n}` (x INT)")),
    "stream into files": ({READ, WRITE}, lambda v: _streamed(v, _mine(v), format="csv", path=v.new())),
    "stream into delta": ({READ, WRITE}, lambda v: _streamed(v, _mine(v), format="delta", path=v.new())),
    "checkpoint": (
        {READ, WRITE},
        lambda v: _streamed(v, _mine(v), format="noop", checkpointLocation=v.new()),
    ),
    "update": ({READ, WRITE}, _sql("UPDATE delta.`{delta}` SET x = 9 WHERE x = 1")),
    "delete": ({READ, WRITE}, _sql("DELETE FROM delta.`{delta}` WHERE x = 99")),
    "merge": (
        {READ, WRITE},
        _sql("MERGE INTO delta.`{delta}` d USING {s}.mine m ON d.x = m.x WHEN MATCHED THEN DELETE"),
    ),
    "optimize": ({READ, WRITE}, _sql("OPTIMIZE delta.`{delta}`")),
    "vacuum": ({READ, WRITE}, _sql("VACUUM delta.`{delta}`")),
    "restore": ({READ, WRITE}, _sql("RESTORE TABLE delta.`{delta}` TO VERSION AS OF 0")),
    "convert": ({READ, WRITE}, _sql("CONVERT TO DELTA parquet.`{root}/p`")),
    "properties": ({READ, WRITE}, _sql("ALTER TABLE delta.`{delta}` SET TBLPROPERTIES ('k' = 'v')")),
    "external table": ({READ, WRITE}, _sql("CREATE TABLE {s}.made{n} (x INT) LOCATION '{root}/new{n}'")),
    "external table over files": ({READ, WRITE}, _sql("CREATE TABLE {s}.made{n} LOCATION '{delta}'")),
    "another volume over files": (
        {READ, WRITE},
        _sql("CREATE EXTERNAL VOLUME {s}.v{n} LOCATION 'file:{folder}/in'"),
    ),
    "stream that deletes": ({READ, WRITE}, lambda v: _cleaned(v, v.new(), cleanSource="delete")),
    "stream that archives": (
        {READ, WRITE},
        lambda v: _cleaned(v, v.new(), cleanSource="archive", sourceArchiveDir=v.fresh()),
    ),
    "stream that archives into it": ({READ, WRITE}, _archived),
    "stream that leaves its files": ({READ}, lambda v: _streamed(v, _left(v), format="noop")),
    "state of a stream": (
        {READ},
        lambda v: v.session.read.format("statestore").load(f"{v.root}/state").collect(),
    ),
    "columns of a state": (
        {READ},
        lambda v: v.session.read.format("statestore").load(f"{v.root}/state").schema,
    ),
    "about a state": (
        {READ},
        lambda v: v.session.read.format("state-metadata").load(f"{v.root}/state").collect(),
    ),
}
# The same files by a name of Spark's own catalog, on which nobody has rights.
SPARKS_WAYS = {
    "read": ({READ}, _sql("SELECT * FROM {spark}.csv")),
    "read by a stream": (
        {READ},
        lambda v: _streamed(v, v.session.readStream.table(f"{v.names['spark']}.csv"), format="noop"),
    ),
    "read as delta": ({READ}, _sql("SELECT * FROM {spark}.delta")),
    "changes": ({READ}, _sql("SELECT * FROM table_changes('{spark}.delta', 0)")),
    "history": ({READ}, _sql("DESCRIBE HISTORY {spark}.delta")),
    "clone": ({READ}, _sql("CREATE TABLE {s}.made{n} SHALLOW CLONE {spark}.delta")),
    "insert": ({READ, WRITE}, _sql("INSERT OVERWRITE {spark}.written VALUES (1)")),
    "append": ({READ, WRITE}, _in_sparks(lambda v, name: _rows(v).write.insertInto(f"{name}.written"))),
    "insert into delta": ({READ, WRITE}, _sql("INSERT INTO {spark}.delta VALUES (8)")),
    "update": ({READ, WRITE}, _sql("UPDATE {spark}.delta SET x = 9 WHERE x = 1")),
    "optimize": ({READ, WRITE}, _sql("OPTIMIZE {spark}.delta")),
    "stream into it": (
        {READ, WRITE},
        lambda v: (
            _mine(v)
            .writeStream.trigger(availableNow=True)
            .option("checkpointLocation", v.fresh())
            .toTable(f"{v.names['spark']}.delta")
            .awaitTermination()
        ),
    ),
    "table": ({READ, WRITE}, _sql("CREATE TABLE {spark}.made{n} (x INT) USING csv LOCATION '{csv}'")),
    "table by an option": (
        {READ, WRITE},
        _sql("CREATE TABLE {spark}.made{n} (x INT) USING csv OPTIONS (path '{csv}')"),
    ),
    "table of the API": ({READ, WRITE}, _made_by_name),
    "table of Delta": ({READ, WRITE}, _sql("CREATE TABLE {spark}.made{n} USING delta LOCATION '{delta}'")),
    "table as select": (
        {READ, WRITE},
        _sql("CREATE TABLE {spark}.made{n} USING csv LOCATION '{root}/new{n}' AS SELECT 1 AS x"),
    ),
    "table of Delta as select": (
        {READ, WRITE},
        _sql("CREATE TABLE {spark}.made{n} USING delta LOCATION '{root}/new{n}' AS SELECT 1 AS x"),
    ),
    "table of a state": (
        {READ, WRITE},
        _sql("CREATE TABLE {spark}.made{n} USING statestore OPTIONS (path '{root}/state')"),
    ),
    "saved table": ({READ, WRITE}, _in_sparks(_saved)),
    "table like another": (
        {READ, WRITE},
        _sql("CREATE TABLE {spark}.made{n} LIKE {spark}.moved USING csv LOCATION '{csv}'"),
    ),
    "another location": ({READ, WRITE}, _sql("ALTER TABLE {spark}.moved SET LOCATION '{root}/new{n}'")),
    "partition": ({READ, WRITE}, _sql("ALTER TABLE {spark}.parts ADD PARTITION (p = {n}) LOCATION '{csv}'")),
    "convert": ({READ, WRITE}, _in_sparks(lambda v, name: v.session.sql(f"CONVERT TO DELTA {name}.parquet"))),
    "database": ({READ, WRITE}, _sql("CREATE DATABASE {spark}_{n} LOCATION '{root}/new{n}'")),
}
# What is held, by the place where it was granted: `{c}`, `{s}` or the volume itself.
STATES = {
    "nothing": (),
    "read": ((READ, "VOLUME {s}.v"),),
    "write": ((WRITE, "VOLUME {s}.v"),),
    "read on the schema": ((READ, "SCHEMA {s}"),),
    "write on the schema": ((WRITE, "SCHEMA {s}"),),
    "read on the catalog, write on the schema": ((READ, "CATALOG {c}"), (WRITE, "SCHEMA {s}")),
    "other kinds of rights": (("SELECT", "SCHEMA {s}"), ("MODIFY", "SCHEMA {s}"), ("MANAGE", "VOLUME {s}.v")),
}


# Rights that come from elsewhere are looked up in one place: for them a few ways of each kind are enough.
WHOLE = ("nothing", "read", "write")
FEW = {"csv by path", "delta by path", "copy into", "save as csv", "append to delta"}


def _ways_of(state):
    return {name: way for name, way in WAYS.items() if state in WHOLE or name in FEW or len(way[0]) > 1}


def _outcome(way, volume):
    try:
        way(volume)
    except (PySparkException, Py4JJavaError) as problem:
        return str(problem)
    return ""


def _wrong(volume, ways, held):
    """The ways that are allowed or refused against the rights that are held, with what was said."""
    schema, wrong = volume.schema, {}
    for name, (needed, way) in ways.items():
        message = _outcome(way, volume)
        denied = [
            right for right in (READ, WRITE) if f"does not have {right} on Volume '{schema}.v'" in message
        ]
        if (
            bool(message) != bool(needed - held)
            or not set(denied) <= needed - held
            or (message and not denied)
        ):
            wrong[name] = message[:300] or "allowed"
    return wrong


@pytest.mark.parametrize("state", STATES)
def test_every_way_to_a_file_asks_for_its_rights_and_no_others(spark, volume, checkpoint, catalog, state):
    schema = volume.schema
    shutil.copytree(checkpoint, Path(volume.folder) / "state")
    for right, place in STATES[state]:
        spark.sql(f"GRANT {right} ON {place.format(c=catalog, s=schema)} TO bob")
    wrong = _wrong(volume, _ways_of(state), {right for right, _ in STATES[state]})
    assert not wrong


def test_a_table_of_sparks_own_catalog_asks_for_the_volume_in_which_its_files_lie(
    spark, volume, sparks, checkpoint
):
    shutil.copytree(checkpoint, Path(volume.folder) / "state")
    held = set()
    for right in (None, READ, WRITE):
        if right:
            spark.sql(f"GRANT {right} ON VOLUME {volume.schema}.v TO bob")
            held.add(right)
        wrong = _wrong(volume, SPARKS_WAYS, held)
        assert not wrong, held


def test_a_table_of_sparks_own_catalog_elsewhere_is_everybodys(volume, sparks):
    volume.sql("CREATE TABLE {spark}.own (x INT) USING csv")
    volume.sql("INSERT INTO {spark}.own VALUES (1)")
    volume.sql("INSERT OVERWRITE {spark}.moved SELECT * FROM {spark}.own")
    assert len(volume.sql("SELECT * FROM {spark}.moved")) == 1


def test_a_refusal_names_user_right_volume_and_the_grant_that_helps(volume, schema, refused):
    message = refused(f"SELECT * FROM csv.`{volume.csv}`", volume.session)
    assert f"[PERMISSION_DENIED] User bob does not have READ VOLUME on Volume '{schema}.v'" in message
    catalog = schema.partition(".")[0]
    assert f"fix: GRANT READ VOLUME ON VOLUME `{catalog}`.`s`.`v` TO `bob`" in message


def test_the_volumes_schema_must_be_usable_too(spark, volume, schema, refused):
    spark.sql(f"GRANT READ VOLUME ON VOLUME {schema}.v TO bob")
    spark.sql(f"REVOKE USE SCHEMA ON SCHEMA {schema} FROM bob")
    assert "does not have USE SCHEMA on Schema" in refused(
        f"SELECT * FROM csv.`{volume.csv}`", volume.session
    )


def test_a_view_reads_files_with_its_owners_rights(spark, volume, schema, refused):
    spark.sql(f"CREATE VIEW {schema}.seen AS SELECT * FROM csv.`{volume.csv}`")
    spark.sql(f"GRANT SELECT ON VIEW {schema}.seen TO bob")
    assert len(volume.sql("SELECT * FROM {s}.seen")) == 2
    assert "READ VOLUME" in refused(
        f"SELECT * FROM {schema}.seen JOIN csv.`{volume.csv}` USING (_c0)", volume.session
    )
    spark.sql(f"ALTER VIEW {schema}.seen OWNER TO ann")
    spark.sql(f"GRANT USE CATALOG ON CATALOG {schema.partition('.')[0]} TO ann")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO ann")
    assert "User ann (the owner of the View" in refused(f"SELECT * FROM {schema}.seen", volume.session)


def test_who_may_read_a_table_reads_it_where_its_files_lie_in_a_volume(spark, volume, schema, refused):
    spark.sql(f"CREATE TABLE {schema}.outside LOCATION '{volume.delta}'")
    spark.sql(f"GRANT SELECT, MODIFY ON TABLE {schema}.outside TO bob")
    assert len(volume.sql("SELECT * FROM {s}.outside")) == 4
    volume.sql("INSERT INTO {s}.outside VALUES (3)")
    volume.sql("UPDATE {s}.outside SET x = 4 WHERE x = 3")
    assert "READ VOLUME" in refused(f"SELECT * FROM delta.`{volume.delta}`", volume.session)


def test_a_kept_plan_is_asked_again_when_it_is_executed(spark, volume, schema):
    spark.sql(f"GRANT READ VOLUME ON VOLUME {schema}.v TO bob")
    kept = volume.session.read.text(volume.csv)
    assert kept.count() == 2
    spark.sql(f"REVOKE READ VOLUME ON VOLUME {schema}.v FROM bob")
    with pytest.raises(Exception, match="does not have READ VOLUME"):
        kept.collect()


def test_a_pattern_over_volumes_asks_for_each_that_it_may_reach(spark, volume, schema):
    spark.sql(f"CREATE VOLUME {schema}.w")
    spark.sql(f"GRANT READ VOLUME ON VOLUME {schema}.v TO bob")
    with pytest.raises(Exception, match=f"does not have READ VOLUME on Volume '{schema}.w'"):
        volume.session.read.option("recursiveFileLookup", "true").text(
            volume.root.rpartition("/")[0]
        ).collect()
    assert volume.session.read.text(volume.csv).count() == 2


def test_statements_on_volumes_ask_for_theirs(spark, volume, schema, refused, another_session):
    bob = volume.session
    assert bob.sql(f"SHOW VOLUMES IN {schema}").collect() == []
    assert "READ VOLUME" in refused(f"DESCRIBE VOLUME {schema}.v", bob)
    for statement in (f"DROP VOLUME {schema}.v", f"ALTER VOLUME {schema}.v OWNER TO bob"):
        assert "does not have MANAGE on Volume" in refused(statement, bob)
    spark.sql(f"GRANT WRITE VOLUME ON VOLUME {schema}.v TO bob")
    assert bob.sql(f"SHOW VOLUMES IN {schema}").count() == 1
    assert bob.sql(f"DESCRIBE VOLUME {schema}.v").count() == 1
    assert "does not have MANAGE on Volume" in refused(f"DROP VOLUME {schema}.v", bob)
    spark.sql(f"GRANT MANAGE ON VOLUME {schema}.v TO bob")
    bob.sql(f"DROP VOLUME {schema}.v")
    spark.sql(f"GRANT USE CATALOG ON CATALOG {schema.partition('.')[0]} TO ann")
    spark.sql(f"GRANT USE SCHEMA ON SCHEMA {schema} TO ann")
    assert "does not have CREATE VOLUME" in refused(f"CREATE VOLUME {schema}.x", another_session("ann"))
    bob.sql(f"CREATE VOLUME {schema}.own")
    bob.range(1).write.csv(f"/Volumes/{schema.replace('.', '/')}/own/x")
    assert bob.read.text(f"/Volumes/{schema.replace('.', '/')}/own/x").count() == 1
