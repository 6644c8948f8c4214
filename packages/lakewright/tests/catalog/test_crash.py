"""What a crash may leave behind, and what must be as before."""

import fcntl
import json
import os
import shutil
import time

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.fixture
def folder(lakehouse, schema):
    return lakehouse / "_catalog" / schema.split(".")[0] / "s"


NO_COMMIT = {".00000000000000000000.json.1234.tmp": '{"commitInfo":'}


def plant(folder, log=None, data=()):
    """Leave what a killed CREATE TABLE may leave: a folder, a log with these files, data files."""
    folder.mkdir(parents=True)
    for name in data:
        (folder / name).write_text("", encoding="utf-8")
    if log is not None:
        (folder / "_delta_log").mkdir()
        for name, text in log.items():
            (folder / "_delta_log" / name).write_text(text, encoding="utf-8")


def test_an_orphan_data_folder_harms_nothing(spark, schema, rows, lakehouse):
    for number, log in enumerate((None, {}, NO_COMMIT, {"00000000000000000000.json": '{"commitInfo":'})):
        plant(lakehouse / "tables" / f"orphan-{time.monotonic_ns()}", log)
        spark.sql(f"CREATE TABLE {schema}.t{number} AS SELECT 1 AS x")
        assert rows(f"SELECT * FROM {schema}.t{number}") == [(1,)]


CREATE = "CREATE TABLE {t} (x INT) LOCATION '{place}'"


@pytest.mark.parametrize(
    ("log", "statement"),
    [
        (None, CREATE),
        ({}, CREATE),
        (NO_COMMIT, CREATE),
        (NO_COMMIT, "CREATE TABLE {t} LOCATION '{place}' AS SELECT 1 AS x WHERE false"),
        (NO_COMMIT, "CREATE OR REPLACE TABLE {t} (x INT) LOCATION '{place}'"),
        (NO_COMMIT, "CREATE TABLE {t} SHALLOW CLONE {s}.source LOCATION '{place}'"),
    ],
)
def test_a_table_is_created_where_a_killed_statement_left_its_folder(  # noqa: PLR0917 - fixtures
    spark, schema, rows, tmp_path, log, statement
):
    spark.sql(f"CREATE TABLE {schema}.source (x INT)")
    plant(tmp_path / "place", log)
    spark.sql(statement.format(t=f"{schema}.t", s=schema, place=tmp_path / "place"))
    spark.sql(f"INSERT INTO {schema}.t VALUES (1)")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]


def test_the_data_of_a_killed_statement_do_not_come_back(spark, schema, rows, tmp_path):
    plant(tmp_path / "place", NO_COMMIT, data=["part-0.parquet"])
    spark.sql(f"CREATE TABLE {schema}.t LOCATION '{tmp_path}/place' AS SELECT 1 AS x")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]


@pytest.mark.parametrize(
    "commit",
    [
        "",
        '{"commitInfo":{"timestamp":1},"x"',
        '{"commitInfo":{"timestamp":1}}\n{"protocol":{"minReaderVersion":1}}\n',
    ],
    ids=["empty", "cut off in a line", "cut off between lines"],
)
def test_a_log_that_was_cut_off_is_named_with_what_to_delete(  # noqa: PLR0917 - fixtures
    spark, schema, rows, refused, tmp_path, commit
):
    place = tmp_path / "place"
    plant(place, {"00000000000000000000.json": commit})
    for statement in (
        "CREATE TABLE {t} (x INT) LOCATION '{p}'",
        "CREATE OR REPLACE TABLE {t} LOCATION '{p}' AS SELECT 1 AS x",
    ):
        message = refused(statement.format(t=f"{schema}.t", p=place))
        assert f"fix: delete the folder file:{place}/_delta_log, then run the statement again" in message
    shutil.rmtree(place / "_delta_log")
    spark.sql(f"CREATE TABLE {schema}.t LOCATION '{place}' AS SELECT 1 AS x")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,)]


def test_a_folder_with_files_of_somebody_else_stays_as_it_is(schema, refused, tmp_path):
    plant(tmp_path / "place", data=["precious.csv"])
    assert "NON_EMPTY_LOCATION" in refused(f"CREATE TABLE {schema}.t (x INT) LOCATION '{tmp_path}/place'")
    plant(tmp_path / "other", NO_COMMIT, data=["precious.csv"])
    assert "NON_EMPTY_LOCATION" in refused(f"CREATE TABLE {schema}.t (x INT) LOCATION '{tmp_path}/other'")
    assert (tmp_path / "other" / "precious.csv").is_file()


def test_an_unfinished_file_is_not_an_object(spark, schema, rows, folder):
    (folder / ".0123.tmp").write_text('{"format": 1, "kind', encoding="utf-8")
    (folder.parent / ".4567.tmp").mkdir()
    assert rows(f"SHOW TABLES IN {schema}") == []
    assert rows(f"SHOW SCHEMAS IN {schema.split('.')[0]}") == [("default",), ("information_schema",), ("s",)]
    spark.sql(f"DROP SCHEMA {schema}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ('{"format": 1, "kind": "managed-ta', "not JSON"),
        ("[]", "not a JSON object"),
        ('{"format": 99, "kind": "view"}', "format is 99"),
        ('{"format": 1, "kind": "spaceship"}', "'spaceship' is not known"),
        ('{"format": 1, "kind": "view", "owner": "o", "uuid": "u"}', "without text"),
    ],
)
def test_a_damaged_entry_is_named_with_its_fix_and_hides_no_other(  # noqa: PLR0917 - fixtures
    spark, schema, rows, refused, folder, content, reason
):
    spark.sql(f"CREATE TABLE {schema}.good AS SELECT 1 AS x")
    (folder / "bad.json").write_text(content, encoding="utf-8")
    message = refused(f"SELECT * FROM {schema}.bad")
    assert reason in message
    assert str(folder / "bad.json") in message
    assert "fix: put the file back" in message
    assert rows(f"SHOW TABLES IN {schema}") == [("s", "bad", False), ("s", "good", False)]
    assert rows(f"SELECT * FROM {schema}.good") == [(1,)]
    assert rows(f"SELECT table_name FROM {schema.split('.')[0]}.information_schema.tables") == [("good",)]


def test_the_name_of_a_damaged_entry_cannot_be_reused(schema, refused, folder):
    (folder / "bad.json").write_text("{", encoding="utf-8")
    assert str(folder / "bad.json") in refused(f"CREATE TABLE {schema}.bad (x INT)")
    assert (folder / "bad.json").read_text(encoding="utf-8") == "{"


def test_a_schema_with_a_damaged_entry_can_be_dropped_and_the_data_stay(spark, schema, folder, lakehouse):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    location = json.loads((folder / "t.json").read_text(encoding="utf-8"))["location"]
    (folder / "t.json").write_text("{", encoding="utf-8")
    spark.sql(f"DROP SCHEMA {schema} CASCADE")
    assert (lakehouse / location).is_dir()


def test_a_damaged_schema_file_is_named(schema, refused, folder):
    (folder / "_schema.json").write_text("{", encoding="utf-8")
    assert "_schema.json" in refused(f"DESCRIBE SCHEMA {schema}")


def test_a_folder_created_by_hand_is_a_catalog_and_a_schema(spark, lakehouse, rows):
    (lakehouse / "_catalog" / "by_hand" / "s").mkdir(parents=True)
    try:
        spark.sql("CREATE TABLE by_hand.s.t AS SELECT 1 AS x")
        assert rows("SELECT * FROM by_hand.s.t") == [(1,)]
    finally:
        spark.sql("DROP CATALOG by_hand CASCADE")


def test_a_catalog_appears_with_its_default_schema_at_once(spark, lakehouse):
    spark.sql("CREATE CATALOG at_once COMMENT 'x'")
    try:
        made = {
            path.relative_to(lakehouse / "_catalog" / "at_once").as_posix()
            for path in (lakehouse / "_catalog" / "at_once").rglob("*")
        }
        assert made == {"_catalog.json", "default", "default/_schema.json"}
        assert not list((lakehouse / "_catalog").glob(".*"))
    finally:
        spark.sql("DROP CATALOG at_once CASCADE")


def test_dropping_never_deletes_files_outside_the_lakehouse(spark, schema, folder, tmp_path):
    spark.sql(f"CREATE TABLE {schema}.t (x INT)")
    entry = json.loads((folder / "t.json").read_text(encoding="utf-8"))
    (tmp_path / "precious").write_text("x", encoding="utf-8")
    for location in (
        str(tmp_path),
        os.path.relpath(tmp_path, folder.parents[2]),
        "tables/",
        "tables/../volumes",
    ):
        (folder / "t.json").write_text(json.dumps({**entry, "location": location}), encoding="utf-8")
        spark.sql(f"DROP TABLE {schema}.t")
        assert (tmp_path / "precious").is_file()
        assert (folder.parents[2] / "tables").is_dir()


def test_the_lakehouse_is_locked_while_a_session_lives(spark, schema, lakehouse):
    with (
        (lakehouse.parent / "engine.lock").open("r+b") as handle,
        pytest.raises(OSError, match=r"(?i)temporarily|denied"),
    ):
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
