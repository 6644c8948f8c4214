"""Paths of Databricks in Spark: volumes, DBFS, the project's own files; held to the list of cases of `lakewright.storage`."""

import itertools
import json
from pathlib import Path

import pytest

from lakewright.storage.workspace import write_workspace_folder

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]

CASES = json.loads((Path(__file__).parents[1] / "storage/paths.json").read_text(encoding="utf-8"))
_FOLDERS = itertools.count(1)


@pytest.fixture
def storage(spark, catalog, schema, lakehouse, tmp_path):
    """The volumes of the cases in a fresh schema; what a case calls `c` and `s` has the fixtures' names."""
    spark.sql(f"CREATE VOLUME {schema}.v")
    spark.sql(f"CREATE VOLUME {schema}._odd")
    spark.sql(f"CREATE EXTERNAL VOLUME {schema}.near LOCATION 'file:{tmp_path}/near'")
    spark.sql(f"CREATE EXTERNAL VOLUME {schema}.far LOCATION 'abfss://lake@acme.dfs.core.windows.net/in'")
    write_workspace_folder(lakehouse.parent, "/Workspace/Users/me/files", lakehouse.parents[1])
    return {
        "lakehouse": lakehouse,
        "project": lakehouse.parents[1],
        "elsewhere": tmp_path / "near",
        "catalog": catalog,
    }


def filled(text, storage):
    """A case's text with the names of the fixtures in place of the case's own."""
    catalog = storage["catalog"]
    for old, new in (
        ("/Volumes/c/", f"/Volumes/{catalog}/"),
        ("/Volumes/C/", f"/Volumes/{catalog.upper()}/"),
        ("/volumes/c/", f"/volumes/{catalog}/"),
        ("`c`.`s`.", f"`{catalog}`.`s`."),
    ):
        text = text.replace(old, new)
    return text.format(**{key: str(value) for key, value in storage.items()})


@pytest.mark.over_connect
def test_every_case_is_written_to_its_place_and_read_from_it(spark, storage):
    for case in CASES:
        path = filled(case["path"], storage)
        if "refused" in case:
            continue
        spark.range(1).write.mode("overwrite").json(path)
        place = Path(filled(case["place"], storage))
        written = [file.name for file in place.iterdir()]
        assert "_SUCCESS" in written, (path, written)
        if case["uri"].startswith("dbfs:"):
            assert not [name for name in written if name.endswith(".crc")], (path, written)
        assert spark.read.json(path).collect()[0].id == 0, path


@pytest.mark.over_connect
def test_what_has_no_place_is_refused_by_readers_and_writers(spark, storage):
    for case in CASES:
        if "refused" not in case:
            continue
        path, reason = filled(case["path"], storage), filled(case["refused"], storage)
        for attempt in (
            lambda path=path: spark.range(1).write.json(path),
            lambda path=path: spark.read.text(path).collect(),
        ):
            with pytest.raises(Exception) as problem:  # noqa: PT011 - classic and Connect raise different classes
                attempt()
            assert reason in str(problem.value), path
    for folder in ("/Volumes", "/Volume", "/Workspace"):
        assert not Path(folder).exists()


@pytest.mark.over_connect
def test_files_that_python_changes_are_read_anew(spark, schema, storage):
    path = f"/Volumes/{schema.replace('.', '/')}/v/t"
    spark.range(3).coalesce(1).write.csv(path)
    [part] = (storage["lakehouse"] / "volumes" / schema.replace(".", "/") / "v/t").glob("part-*")
    part.write_text("7\n8\n", encoding="utf-8")
    assert sorted(row._c0 for row in spark.read.csv(path).collect()) == ["7", "8"]
    assert spark.read.csv(f"{path}/{part.name}").count() == 2


def test_spark_shows_paths_as_databricks_does(spark, schema, storage):
    path = f"/Volumes/{schema.replace('.', '/')}/v/shown"
    spark.range(1).coalesce(1).write.json(path)
    [shown] = spark.read.json(path).selectExpr("_metadata.file_path").first()
    assert shown.startswith(f"dbfs:{path}/part-")


def test_delta_tables_live_in_volumes_and_in_dbfs(spark, schema, storage, rows):
    for path in (f"/Volumes/{schema.replace('.', '/')}/v/delta", "dbfs:/mnt/delta", "/mnt/delta2"):
        spark.range(2).write.format("delta").mode("overwrite").save(path)
        spark.sql(
            f"MERGE INTO delta.`{path}` t USING (SELECT 5L AS id) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT *"
        )
        spark.sql(f"DELETE FROM delta.`{path}` WHERE id = 0")
        assert rows(f"SELECT id FROM delta.`{path}`") == [(1,), (5,)]
        assert [row.version for row in spark.sql(f"DESCRIBE HISTORY delta.`{path}`").collect()] == [2, 1, 0]
    assert (storage["lakehouse"] / "dbfs/mnt/delta/_delta_log/00000000000000000002.json").is_file()


def test_a_table_by_path_and_by_name_is_one_table(spark, schema, storage, rows, tmp_path):
    spark.sql(f"CREATE TABLE {schema}.t LOCATION '{tmp_path}/t' AS SELECT 1 AS x")
    spark.sql(f"INSERT INTO delta.`{tmp_path}/t` VALUES (2)")
    assert rows(f"SELECT * FROM {schema}.t") == [(1,), (2,)]
    [location] = spark.sql(f"DESCRIBE DETAIL {schema}.t").select("location").first()
    assert location == f"file:{tmp_path}/t"


def test_a_stream_keeps_its_checkpoint_in_a_volume(spark, schema, storage):
    base = f"/Volumes/{schema.replace('.', '/')}/v/stream{next(_FOLDERS)}"
    spark.range(2).write.json(f"{base}/in")
    for _ in range(2):
        stream = spark.readStream.schema("id long").json(f"{base}/in").writeStream.format("json")
        stream.option("checkpointLocation", f"{base}/checkpoint").trigger(availableNow=True).start(
            f"{base}/out"
        ).awaitTermination()
    assert spark.read.json(f"{base}/out").count() == 2


def test_a_volume_keeps_its_folder_when_a_writer_overwrites_it(spark, schema, storage):
    path = f"/Volumes/{schema.replace('.', '/')}/v"
    spark.range(1).write.mode("overwrite").json(f"{path}/old")
    spark.range(2).write.mode("overwrite").json(path)
    folder = storage["lakehouse"] / "volumes" / schema.replace(".", "/") / "v"
    assert not (folder / "old").exists()
    assert spark.read.json(path).count() == 2


def test_files_of_many_volumes_are_found_by_a_pattern(spark, catalog, schema, storage):
    for volume in ("v", "far"):
        spark.range(1).write.mode("overwrite").json(f"/Volumes/{catalog}/s/{volume}/many")
    assert spark.read.json(f"/Volumes/{catalog}/s/*/many").count() == 2


def test_relative_paths_are_those_of_dbfs_and_not_of_the_engines_folder(spark, storage):
    spark.range(1).write.mode("overwrite").json("relative/x")
    assert (storage["lakehouse"] / "dbfs/relative/x/_SUCCESS").is_file()


def test_dropping_a_volume_in_a_cloud_store_keeps_its_local_files(spark, schema, storage):
    spark.range(1).write.mode("overwrite").json(f"/Volumes/{schema.replace('.', '/')}/far/x")
    spark.sql(f"DROP VOLUME {schema}.far")
    assert (storage["lakehouse"] / "volumes" / schema.replace(".", "/") / "far/x/_SUCCESS").is_file()
