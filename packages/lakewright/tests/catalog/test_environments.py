"""No way of naming a table of another environment reaches it.

The engine of these tests works for `local`, and must not touch `else`, `elsewhere` and `spark`.
"""

import shutil

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.over_connect, pytest.mark.drawn(2)]

_OTHER = "elsewhere_analytics"

_STATEMENTS = (
    "SELECT * FROM {c}.s.t",
    "SELECT * FROM `{C}`.s.t",
    "SELECT (SELECT max(x) FROM {c}.s.t)",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM {c}.s.t)",
    "WITH a AS (SELECT * FROM {c}.s.t) SELECT * FROM a",
    "SELECT * FROM {c}.s.t VERSION AS OF 0",
    "SELECT * FROM {c}.information_schema.tables",
    "INSERT INTO {c}.s.t VALUES (2)",
    "INSERT INTO {own}.t SELECT * FROM {c}.s.t",
    "UPDATE {c}.s.t SET x = 2",
    "DELETE FROM {c}.s.t",
    "MERGE INTO {own}.t AS a USING {c}.s.t AS b ON a.x = b.x WHEN MATCHED THEN DELETE",
    "CREATE TABLE {own}.copied AS SELECT * FROM {c}.s.t",
    "CREATE TABLE {own}.cloned SHALLOW CLONE {c}.s.t",
    "CREATE VIEW {own}.seen AS SELECT * FROM {c}.s.t",
    "CREATE TABLE {c}.s.new (x INT)",
    "CREATE SCHEMA {c}.more",
    "CREATE VOLUME {c}.s.files",
    "CREATE CATALOG {c}",
    "DESCRIBE CATALOG {c}",
    "DESC CATALOG EXTENDED `{C}`",
    "DROP TABLE {c}.s.t",
    "ALTER TABLE {c}.s.t ADD COLUMN y INT",
    "DESCRIBE TABLE {c}.s.t",
    "DESCRIBE HISTORY {c}.s.t",
    "SHOW CREATE TABLE {c}.s.t",
    "SHOW TABLES IN {c}.s",
    "SHOW VOLUMES IN {c}.s",
    "SHOW GRANTS ON TABLE {c}.s.t",
    "GRANT SELECT ON TABLE {c}.s.t TO `account users`",
    "USE CATALOG {c}",
    "USE {c}.s",
    "CACHE TABLE {c}.s.t",
    "SELECT * FROM text.`/Volumes/{c}/s/files/a.txt`",
    "INSERT OVERWRITE DIRECTORY '/Volumes/{c}/s/files/out' USING json SELECT 1",
    "COPY INTO {own}.t FROM '/Volumes/{c}/s/files' FILEFORMAT = JSON",
)


@pytest.fixture
def own(spark, schema):
    spark.sql(f"CREATE TABLE {schema}.t AS SELECT 1 AS x")
    return schema


@pytest.fixture
def left_over(own, lakehouse):
    """A catalog of another environment that is here, as one that was made before the environments were declared."""
    catalogs = lakehouse / "_catalog"
    shutil.copytree(catalogs / own.split(".")[0], catalogs / _OTHER)
    yield
    shutil.rmtree(catalogs / _OTHER)


def _refusals(refused, own):
    texts = {text: refused(text.format(c=_OTHER, C=_OTHER.upper(), own=own)) for text in _STATEMENTS}
    return {text: message for text, message in texts.items() if "LAKEWRIGHT_OTHER_ENVIRONMENT" not in message}


def test_no_statement_reaches_another_environment(own, refused, rows):
    assert _refusals(refused, own) == {}
    assert rows(f"SELECT * FROM {own}.t") == [(1,)]
    assert rows(f"SHOW TABLES IN {own}") == [("s", "t", False)]


def test_nor_one_whose_catalog_is_here(own, left_over, refused, rows):
    assert _refusals(refused, own) == {}
    assert rows(f"SHOW TABLES IN {own}") == [("s", "t", False)]


def test_nor_does_the_data_frame_api(spark, own, left_over):
    ways = (
        lambda: spark.table(f"{_OTHER}.s.t").collect(),
        lambda: spark.read.table(f"{_OTHER}.s.t").collect(),
        lambda: spark.readStream.table(f"{_OTHER}.s.t").schema,
        lambda: spark.range(1).write.saveAsTable(f"{_OTHER}.s.new"),
        lambda: spark.range(1).write.mode("append").insertInto(f"{_OTHER}.s.t"),
        lambda: spark.range(1).writeTo(f"{_OTHER}.s.new").create(),
        lambda: spark.catalog.setCurrentCatalog(_OTHER),
        lambda: spark.catalog.listTables(f"{_OTHER}.s"),
        lambda: spark.catalog.tableExists(f"{_OTHER}.s.t"),
    )
    for way in ways:
        with pytest.raises(Exception, match="LAKEWRIGHT_OTHER_ENVIRONMENT"):
            way()


def test_explain_shows_the_refusal_in_place_of_a_plan(left_over, rows):
    assert "LAKEWRIGHT_OTHER_ENVIRONMENT" in str(rows(f"EXPLAIN SELECT * FROM {_OTHER}.s.t"))


def test_the_message_names_both_environments_and_the_key(refused):
    message = refused("SELECT * FROM elsewhere_sales.s.t")
    assert "environment 'local'" in message
    assert "'elsewhere'" in message
    assert "catalog.uses_environments in config/local.yaml" in message


def test_the_longest_name_decides_and_similar_names_belong_to_nobody(spark, refused):
    assert "'elsewhere'" in refused("SELECT * FROM elsewhere_x.s.t")
    assert "'else'" in refused("SELECT * FROM else_where_x.s.t")
    assert "NO_SUCH_CATALOG" in refused("SELECT * FROM elsewhereanalytics.s.t")
    assert "NO_SUCH_CATALOG" in refused("SELECT * FROM local_else_x.s.t")
    # One that may be used, though its name begins as that of one that may not.
    assert "NO_SUCH_CATALOG" in refused("SELECT * FROM else_shared_x.s.t")
    # A column and a table of this name are not a catalog.
    assert spark.sql("SELECT elsewhere_x.a FROM (SELECT named_struct('a', 1) AS elsewhere_x)").collect() == [
        (1,)
    ]


def test_the_settings_of_a_session_do_not_change_what_is_its_own(spark, left_over, refused):
    keys = {"lakewright.environment": "elsewhere", "lakewright.otherEnvironments": "nowhere"}
    settings = {f"{prefix}{key}": value for key, value in keys.items() for prefix in ("", "spark.hadoop.")}
    settings["fs.dbfs.impl.disable.cache"] = "true"
    for key, value in settings.items():
        spark.sql(f"SET {key}={value}")
    try:
        for text in (f"SELECT * FROM {_OTHER}.s.t", f"SELECT * FROM csv.`dbfs:/Volumes/{_OTHER}/s/files`"):
            assert "LAKEWRIGHT_OTHER_ENVIRONMENT" in refused(text)
    finally:
        for key in settings:
            spark.sql(f"RESET {key}")


def test_the_catalogs_of_the_engine_belong_to_every_environment(spark, rows, refused):
    spark.sql("USE spark_catalog.default")  # although `spark` is another environment
    assert ("spark_catalog",) in rows("SHOW CATALOGS")
    assert "a catalog of 'spark'" in refused("SELECT * FROM spark_sales.s.t")


def test_what_is_left_over_can_be_dropped(spark, own, lakehouse, rows):
    shutil.copytree(lakehouse / "_catalog" / own.split(".")[0], lakehouse / "_catalog" / _OTHER)
    spark.sql(f"DROP CATALOG {_OTHER} CASCADE")
    assert (_OTHER,) not in rows("SHOW CATALOGS")
