"""COPY INTO: files are loaded once, and their paths are written with their rows."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]


@pytest.fixture
def landing(tmp_path):
    """A folder with `1.csv`, with a header."""
    (tmp_path / "landing").mkdir()
    drop(tmp_path / "landing", "1.csv", "1,a")
    return tmp_path / "landing"


@pytest.fixture
def table(spark, schema):
    spark.sql(f"CREATE TABLE {schema}.t (id STRING, name STRING)")
    return f"{schema}.t"


def drop(landing, name, *lines, header="id,name"):
    (landing / name).parent.mkdir(exist_ok=True)
    (landing / name).write_text("\n".join([*([header] if header else []), *lines]) + "\n", encoding="utf-8")


HEADER = "FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true')"


@pytest.mark.over_connect
def test_new_files_are_loaded_and_known_ones_are_passed_over(spark, table, landing, rows):
    copy = f"COPY INTO {table} FROM 'file:{landing}' {HEADER}"
    answer = spark.sql(copy).collect()[0].asDict()
    assert answer == {"num_affected_rows": 1, "num_inserted_rows": 1, "num_skipped_corrupt_files": 0}
    drop(landing, "2.csv", "2,b", "3,c")
    drop(landing, "1.csv", "9,changed")
    assert spark.sql(copy).collect()[0].num_inserted_rows == 2
    assert spark.sql(copy).collect()[0].num_inserted_rows == 0
    assert rows(f"SELECT * FROM {table}") == [("1", "a"), ("2", "b"), ("3", "c")]
    history = spark.sql(f"DESCRIBE HISTORY {table}").collect()
    assert [row.operation for row in history] == ["COPY INTO", "COPY INTO", "CREATE TABLE"]
    assert history[0].operationMetrics["numOutputRows"] == "2"


@pytest.mark.over_connect
def test_files_of_a_volume_are_loaded_into_a_table_without_columns(spark, schema, lakehouse, rows):
    spark.sql(f"CREATE VOLUME {schema}.v")
    drop(lakehouse / "volumes" / schema.replace(".", "/") / "v", "1.csv", "1,a")
    spark.sql(f"CREATE TABLE {schema}.t")
    spark.sql(
        f"COPY INTO {schema}.t FROM '/Volumes/{schema.replace('.', '/')}/v' FILEFORMAT = CSV "
        "FORMAT_OPTIONS ('header' = 'true', 'inferSchema' = 'true') COPY_OPTIONS ('mergeSchema' = 'true')"
    )
    assert rows(f"SELECT id + 1, name FROM {schema}.t") == [(2, "a")]


def test_a_select_shapes_the_rows(spark, table, landing, rows):
    spark.sql(
        f"COPY INTO {table} FROM (SELECT string(id::int + 1) AS id, _metadata.file_name AS name FROM 'file:{landing}/') "
        f"{HEADER} -- all of them"
    )
    assert rows(f"SELECT * FROM {table}") == [("2", "1.csv")]


def test_files_and_patterns_choose_what_is_loaded(spark, table, landing, rows):
    drop(landing, "2.csv", "2,b")
    drop(landing, "notes.txt", "nothing")
    spark.sql(
        f"COPY INTO {table} FROM 'file:{landing}' FILEFORMAT = CSV FILES = ('2.csv') FORMAT_OPTIONS ('header' = 'true')"
    )
    assert rows(f"SELECT id FROM {table}") == [("2",)]
    spark.sql(
        f"COPY INTO {table} FROM 'file:{landing}' FILEFORMAT = CSV PATTERN = '*.csv' FORMAT_OPTIONS ('header' = 'true')"
    )
    assert rows(f"SELECT id FROM {table}") == [("1",), ("2",)]
    assert (
        spark.sql(f"COPY INTO {table} FROM 'file:{landing}' FILEFORMAT = CSV PATTERN = '*.tsv'").collect()[0][
            0
        ]
        == 0
    )


def test_force_loads_known_files_again(spark, table, landing, rows):
    for _ in range(2):
        spark.sql(f"COPY INTO {table} FROM 'file:{landing}' {HEADER} COPY_OPTIONS ('force' = 'true')")
    assert len(rows(f"SELECT * FROM {table}")) == 2
    assert spark.sql(f"COPY INTO {table} FROM 'file:{landing}' {HEADER}").collect()[0][0] == 0


def test_columns_without_names_are_matched_by_position_and_cast(spark, schema, landing, rows):
    drop(landing, "1.csv", "1,a", header=None)
    spark.sql(f"CREATE TABLE {schema}.t (key BIGINT GENERATED ALWAYS AS IDENTITY, id INT, name STRING)")
    spark.sql(f"COPY INTO {schema}.t BY POSITION FROM 'file:{landing}' FILEFORMAT = CSV")
    drop(landing, "2.csv", "b,2", header=None)
    spark.sql(f"COPY INTO {schema}.t (name, id) FROM 'file:{landing}' FILEFORMAT = CSV FILES = ('2.csv')")
    assert rows(f"SELECT id, name FROM {schema}.t") == [(1, "a"), (2, "b")]


def test_json_and_parquet_are_loaded_by_name(spark, table, landing, rows, tmp_path):
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "1.json").write_text('{"name": "j", "id": "7"}\n', encoding="utf-8")
    spark.sql("SELECT '8' AS id, 'p' AS name").write.parquet(str(tmp_path / "parquet"))
    spark.sql(f"COPY INTO {table} FROM 'file:{tmp_path}/json' FILEFORMAT = JSON")
    spark.sql(f"COPY INTO {table} FROM 'file:{tmp_path}/parquet' FILEFORMAT = PARQUET")
    assert rows(f"SELECT * FROM {table}") == [("7", "j"), ("8", "p")]


def test_a_load_that_fails_loads_nothing_and_is_tried_again(spark, table, landing, refused, rows):
    drop(landing, "1.csv", "x,a")
    copy = f"COPY INTO {table} FROM (SELECT string(int(id)) AS id, name FROM 'file:{landing}') {HEADER}"
    assert "CAST_INVALID_INPUT" in refused(copy)
    drop(landing, "1.csv", "1,a")
    spark.sql(copy)
    assert rows(f"SELECT * FROM {table}") == [("1", "a")]


def test_a_clone_knows_the_files_that_its_source_has_loaded(spark, schema, table, landing):
    spark.sql(f"COPY INTO {table} FROM 'file:{landing}' {HEADER}")
    spark.sql(f"CREATE TABLE {schema}.copy DEEP CLONE {table}")
    assert spark.sql(f"COPY INTO {schema}.copy FROM 'file:{landing}' {HEADER}").collect()[0][0] == 0


@pytest.mark.never(
    where=("connect", "classic"),
    area="SQL: tables and data",
    what="`VALIDATE`, `ignoreCorruptFiles` and credentials in `COPY INTO`",
    instead="refused, with what to leave out; the rest of COPY INTO works",
    reason="a laptop reads files of its own, and shows a wrong one by failing",
    link="https://docs.databricks.com/aws/en/sql/language-manual/delta-copy-into",
)
@pytest.mark.over_connect
def test_what_only_a_workspace_can_do_is_refused(table, landing, refused):
    for clauses in (
        f"FROM '{landing}' FILEFORMAT = CSV VALIDATE ALL",
        f"FROM '{landing}' FILEFORMAT = CSV FORMAT_OPTIONS ('ignoreCorruptFiles' = 'true')",
        f"FROM '{landing}' WITH (CREDENTIAL c) FILEFORMAT = CSV",
    ):
        message = refused(f"COPY INTO {table} {clauses}")
        assert "runs on Databricks, not in the local engine" in message
        assert "fix: leave it out" in message


def test_a_statement_that_cannot_load_is_refused(table, landing, refused, rows):
    for clauses, message in {
        "FROM 'file:{p}/nothing' FILEFORMAT = CSV": "PATH_NOT_FOUND",
        "FROM 'file:{p}' FILEFORMAT = CSV FILES = ('nothing.csv')": "PATH_NOT_FOUND",
        "FROM 'file:{p}' FILEFORMAT = CSV COPY_OPTIONS ('farce' = 'true')": "COPY_OPTIONS has no option `farce`",
        "BY POSITION FROM 'file:{p}' FILEFORMAT = JSON": "by position for CSV only",
        "BY POSITION FROM 'file:{p}' FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true')": "without a header",
        "(id) FROM 'file:{p}' FILEFORMAT = CSV": "the files have 2 columns, and 1 are to be filled: id",
        "(id, nope) FROM 'file:{p}' FILEFORMAT = CSV": "the column `nope` cannot be found",
        "FROM 'file:{p}' FILEFORMAT = CSV": "DELTA_METADATA_MISMATCH",
        "FROM 'file:{p}'": "expected FILEFORMAT, found the end",
    }.items():
        assert message in refused(f"COPY INTO {table} {clauses.format(p=landing)}")
    assert rows(f"SELECT * FROM {table}") == []


def test_loading_needs_the_right_to_modify_and_a_table(  # noqa: PLR0917 - fixtures
    spark, schema, table, landing, another_session, refused
):
    spark.sql(f"GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG {schema.split('.')[0]} TO bob")
    assert "MODIFY on Table" in refused(
        f"COPY INTO {table} FROM 'file:{landing}' {HEADER}", another_session("bob")
    )
    spark.sql(f"CREATE VIEW {schema}.v AS SELECT 1 AS id")
    assert "expects a table" in refused(f"COPY INTO {schema}.v FROM 'file:{landing}' {HEADER}")
