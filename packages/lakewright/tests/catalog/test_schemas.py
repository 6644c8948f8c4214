"""Schemas: CREATE, ALTER, SHOW, DESCRIBE and DROP."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]


@pytest.mark.over_connect
def test_schemas_are_created_listed_and_dropped(spark, catalog, rows, refused):
    spark.sql(f"CREATE SCHEMA {catalog}.bronze")
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS {catalog}.bronze")
    assert "SCHEMA_ALREADY_EXISTS" in refused(f"CREATE SCHEMA {catalog}.bronze")
    assert rows(f"SHOW SCHEMAS IN {catalog}") == [("bronze",), ("default",), ("information_schema",)]
    spark.sql(f"DROP SCHEMA {catalog}.bronze")
    assert not spark.catalog.databaseExists(f"{catalog}.bronze")


def test_a_schema_keeps_comment_properties_and_owner(spark, catalog, rows):
    spark.sql(f"CREATE SCHEMA {catalog}.s COMMENT 'first' WITH DBPROPERTIES (a = '1')")
    spark.sql(f"ALTER SCHEMA {catalog}.s SET DBPROPERTIES (b = '2')")
    spark.sql(f"COMMENT ON SCHEMA {catalog}.s IS 'second'")
    spark.sql(f"ALTER SCHEMA {catalog}.s OWNER TO team")
    described = dict(rows(f"DESCRIBE SCHEMA EXTENDED {catalog}.s"))
    assert described["Comment"] == "second"
    assert described["Owner"] == "team"
    assert described["Properties"] == "((a,1), (b,2))"


def test_a_schema_that_is_not_empty_is_dropped_only_with_cascade(spark, catalog, refused, lakehouse):
    for number, statement in enumerate(("TABLE {} (x INT)", "VIEW {} AS SELECT 1", "VOLUME {}")):
        schema = f"{catalog}.s{number}"
        spark.sql(f"CREATE SCHEMA {schema}")
        spark.sql("CREATE " + statement.format(f"{schema}.thing"))
        assert "SCHEMA_NOT_EMPTY" in refused(f"DROP SCHEMA {schema}")
        spark.sql(f"DROP SCHEMA {schema} CASCADE")
        assert not (lakehouse / "_catalog" / catalog / f"s{number}").exists()


def test_dropping_a_schema_deletes_managed_and_keeps_external_data(spark, schema, lakehouse, tmp_path):
    before = set((lakehouse / "tables").glob("*"))
    spark.sql(f"CREATE TABLE {schema}.managed AS SELECT 1 AS x")
    spark.sql(f"CREATE TABLE {schema}.external LOCATION '{tmp_path}/ext' AS SELECT 1 AS x")
    spark.sql(f"DROP SCHEMA {schema} CASCADE")
    assert set((lakehouse / "tables").glob("*")) == before
    assert (tmp_path / "ext" / "_delta_log").is_dir()


def test_dropping_a_missing_schema_with_if_exists_succeeds(spark, catalog, refused):
    spark.sql(f"DROP SCHEMA IF EXISTS {catalog}.nope")
    assert "SCHEMA_NOT_FOUND" in refused(f"DROP SCHEMA {catalog}.nope")


def test_a_table_in_a_missing_schema_is_refused(catalog, refused):
    assert f"`{catalog}`.`nope` cannot be found" in refused(f"CREATE TABLE {catalog}.nope.t (x INT)")


@pytest.mark.over_connect
def test_each_volume_has_a_folder_named_after_it(spark, schema, rows, refused, lakehouse):
    catalog = schema.split(".")[0]
    spark.sql(f"CREATE VOLUME {schema}.landing COMMENT 'drops'")
    folder = lakehouse / "volumes" / catalog / "s" / "landing"
    assert folder.is_dir()
    assert rows(f"SHOW VOLUMES IN {schema}") == [("s", "landing")]
    described = spark.sql(f"DESCRIBE VOLUME {schema}.landing").collect()[0]
    assert (described.storage_location, described.volume_type) == (str(folder), "MANAGED")
    assert "exists already" in refused(f"CREATE VOLUME {schema}.landing")
    spark.sql(f"CREATE VOLUME IF NOT EXISTS {schema}.landing")
    spark.sql(f"DROP VOLUME {schema}.landing")
    assert not folder.exists()
    assert "does not exist" in refused(f"DROP VOLUME {schema}.landing")


def test_a_volume_created_over_existing_files_keeps_them(spark, schema, lakehouse):
    folder = lakehouse / "volumes" / schema.split(".")[0] / "s" / "landing"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("x\n", encoding="utf-8")
    spark.sql(f"CREATE VOLUME {schema}.landing")
    assert (folder / "a.csv").is_file()


def test_a_volume_and_a_table_may_share_a_name(spark, schema, rows):
    spark.sql(f"CREATE TABLE {schema}.thing AS SELECT 1 AS x")
    spark.sql(f"CREATE VOLUME {schema}.thing")
    spark.sql(f"DROP VOLUME {schema}.thing")
    assert rows(f"SELECT * FROM {schema}.thing") == [(1,)]


def test_an_external_volume_keeps_its_files_when_dropped(spark, schema, tmp_path):
    (tmp_path / "a.csv").write_text("x\n", encoding="utf-8")
    spark.sql(f"CREATE EXTERNAL VOLUME {schema}.ext LOCATION '{tmp_path}'")
    spark.sql(f"DROP VOLUME {schema}.ext")
    assert (tmp_path / "a.csv").is_file()


def test_an_external_volume_in_anothers_folder_leaves_its_files_when_dropped(spark, schema, lakehouse):
    spark.sql(f"CREATE VOLUME {schema}.landing")
    folder = lakehouse / "volumes" / schema.split(".")[0] / "s" / "landing"
    (folder / "a.csv").write_text("x\n", encoding="utf-8")
    place = folder.relative_to(lakehouse).as_posix()
    spark.sql(f"CREATE EXTERNAL VOLUME {schema}.ext LOCATION '{place}'")
    spark.sql(f"DROP VOLUME {schema}.ext")
    assert (folder / "a.csv").is_file()


def test_a_folder_that_cannot_be_listed_stays_and_the_drop_succeeds(spark, schema, lakehouse, rows):
    spark.sql(f"CREATE VOLUME {schema}.landing")
    folder = lakehouse / "volumes" / schema.split(".")[0] / "s" / "landing"
    for name in ("closed", "open"):
        (folder / name).mkdir()
        (folder / name / "a.csv").write_text("x\n", encoding="utf-8")
    (folder / "closed").chmod(0)
    try:
        spark.sql(f"DROP VOLUME {schema}.landing")
        assert rows(f"SHOW VOLUMES IN {schema}") == []
        assert not (folder / "open").exists()
    finally:
        if (folder / "closed").exists():  # root lists every folder
            (folder / "closed").chmod(0o700)
    spark.sql(f"CREATE VOLUME {schema}.landing")
    assert not list((lakehouse / "_catalog").rglob(".*.dropped"))
