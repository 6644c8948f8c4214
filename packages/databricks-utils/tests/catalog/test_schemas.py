"""Schemas are made locally and verified in a workspace; real Spark stands in for both."""

from pathlib import Path

import pytest

from databricks_utils.catalog import LAYERS, CatalogHelper, MissingSchemasError
from databricks_utils.config import ConfigLoader
from databricks_utils.testing import throw_away_project

pytestmark = pytest.mark.integration


def schemas_in(spark, catalog):
    return {row[0] for row in spark.sql(f"SHOW SCHEMAS IN {catalog}").collect()}


def test_locally_all_schemas_and_the_landing_volume_are_created_and_a_second_time_changes_nothing(
    config, spark
):
    catalog = CatalogHelper(config)
    names = catalog.ensure_schemas(spark)
    assert names == tuple(catalog.schema_name(layer) for layer in LAYERS)
    assert {name.split(".")[1] for name in names} <= schemas_in(spark, config.catalog.name)
    assert Path(catalog.volume_path("files")).is_dir()
    volumes = spark.sql(f"SHOW VOLUMES IN {catalog.schema_name('landing')}").collect()
    assert [row.volume_name for row in volumes] == ["files"]
    assert catalog.ensure_schemas(spark) == names


def test_a_table_under_one_schema_prefix_is_not_seen_under_another(catalog, spark, lakehouse_project):
    overrides = {"catalog.schema_prefix": f"{catalog.schema_prefix}_other_"}
    other = CatalogHelper(ConfigLoader.load("local", lakehouse_project / "config", overrides))
    other.ensure_schemas(spark)
    spark.sql(f"CREATE TABLE {catalog.table_name('bronze', 'flights')} (x INT) USING delta")
    assert spark.catalog.tableExists(catalog.table_name("bronze", "flights"))
    assert spark.sql(f"SHOW TABLES IN {other.schema_name('bronze')}").collect() == []


def workspace(tmp_path, prefix="ws_"):
    """Names of an environment that the engine of these tests does not know; it refuses catalogs of those that it does."""
    folder = throw_away_project(tmp_path) / "config"
    (folder / "ws.yaml").write_text((folder / "dev.yaml").read_text().replace("dev_", "ws_"))
    return CatalogHelper(ConfigLoader.load("ws", folder, {"catalog.schema_prefix": prefix}))


def test_elsewhere_nothing_is_made_and_the_fix_creates_the_missing_catalog(spark, tmp_path):
    with pytest.raises(MissingSchemasError, match="there is no catalog `ws_analytics`") as caught:
        workspace(tmp_path).ensure_schemas(spark)
    assert caught.value.fix.startswith("CREATE CATALOG `ws_analytics`")
    assert "GRANT USE CATALOG ON CATALOG `ws_analytics` TO" in caught.value.fix
    assert str(caught.value.location).endswith("ws.yaml:2")


def test_elsewhere_missing_schemas_are_listed_and_the_bundle_is_the_fix(spark, tmp_path):
    catalog = workspace(tmp_path)
    spark.sql("CREATE CATALOG IF NOT EXISTS ws_analytics")
    for layer in LAYERS[2:]:
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {catalog.schema_name(layer)}")
    with pytest.raises(MissingSchemasError, match="2 of 8 schemas are missing") as caught:
        catalog.ensure_schemas(spark)
    assert (
        caught.value.detail
        == f"missing: {catalog.schema_name('landing')}\nmissing: {catalog.schema_name('bronze')}"
    )
    assert "databricks bundle deploy -t ws" in caught.value.fix
    assert "ws_flights_bronze" not in schemas_in(spark, "ws_analytics")
    for layer in LAYERS[:2]:
        spark.sql(f"CREATE SCHEMA {catalog.schema_name(layer)}")
    assert catalog.ensure_schemas(spark) == tuple(catalog.schema_name(layer) for layer in LAYERS)
    spark.sql("DROP CATALOG ws_analytics CASCADE")
