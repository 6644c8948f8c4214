"""Names of tables, schemas, volumes and models."""

import pytest

from databricks_utils.catalog import LAYERS, CatalogHelper, InvalidNameError, UnknownLayerError, quote
from databricks_utils.config import EnvironmentConfig

pytestmark = pytest.mark.unit


def catalog_of(environment="dev", prefix="", **sections):
    catalog = {"name": f"{environment}_analytics", "schema": "flights", "schema_prefix": prefix}
    return CatalogHelper(EnvironmentConfig(environment=environment, catalog=catalog, **sections))


def test_a_table_is_named_by_environment_project_layer():
    assert catalog_of().table_name("bronze", "flights") == "dev_analytics.flights_bronze.flights"
    assert catalog_of("prod").schema_name("gold") == "prod_analytics.flights_gold"


def test_developers_do_not_collide():
    assert catalog_of(prefix="dev_alice_").table_name("gold", "t") == "dev_analytics.dev_alice_flights_gold.t"


def test_a_model_has_three_parts_and_the_configured_name_by_default():
    assert catalog_of().model_name("delay") == "dev_analytics.flights_models.delay"
    assert catalog_of(mlflow={"model_name": "late"}).model_name() == "dev_analytics.flights_models.late"


def test_a_volume_is_below_slash_volumes_on_databricks():
    path = catalog_of().volume_path("files", "2024", "01.csv.gz")
    assert path == "/Volumes/dev_analytics/flights_landing/files/2024/01.csv.gz"
    assert (
        catalog_of().volume_path("checkpoints", layer="ops")
        == "/Volumes/dev_analytics/flights_ops/checkpoints"
    )


def test_a_volume_is_in_the_lakehouse_locally(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = catalog_of("local").volume_path("files", "a.csv")
    assert path == f"{tmp_path}/.lakewright/lakehouse/volumes/local_analytics/flights_landing/files/a.csv"


def test_a_volumes_folder_has_the_name_that_the_engine_gives_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = catalog_of("local", "_Me_").volume_path("Files", "A.csv")
    assert (
        path == f"{tmp_path}/.lakewright/lakehouse/volumes/local_analytics/%5Fme_flights_landing/files/A.csv"
    )


@pytest.mark.parametrize("parts", [("..", "x"), ("/etc/passwd",), ("a", "../../b")])
def test_a_path_that_leaves_the_volume_is_refused(parts):
    with pytest.raises(InvalidNameError, match="fix: give a path below the volume"):
        catalog_of().volume_path("files", *parts)


@pytest.mark.parametrize(
    ("layer", "fix"), [("bronce", "`bronze`"), ("Gold", "`gold`"), ("", "choose one of: ")]
)
def test_an_unknown_layer_is_refused_with_the_nearest(layer, fix):
    with pytest.raises(UnknownLayerError, match=fix) as caught:
        catalog_of().table_name(layer, "t")
    assert "layers:  landing, bronze, silver, gold" in str(caught.value)


def test_landing_holds_no_tables():
    with pytest.raises(UnknownLayerError, match=r"use volume_path\(volume, …\) for its files"):
        catalog_of().table_name("landing", "flights")


@pytest.mark.parametrize(
    ("table", "fix"),
    [
        ("raw-flights", "write `raw_flights`"),
        ("dev_analytics.flights_bronze.flights", "without catalog and schema: `flights`"),
        ("1st", "write `_1st`"),
        ("", "give it a name"),
        ("a`; DROP TABLE x", "write `a___DROP_TABLE_x`"),
        ("x" * 256, "shorten it"),
    ],
)
def test_a_name_that_would_need_quotes_is_refused(table, fix):
    with pytest.raises(InvalidNameError) as caught:
        catalog_of().table_name("bronze", table)
    assert fix in caught.value.fix


def test_a_schema_that_grows_too_long_with_its_layer_is_refused():
    with pytest.raises(InvalidNameError, match=r"schema name .* Unity Catalog allows 255"):
        catalog_of(prefix="p" * 240).schema_name("quarantine")


def test_the_layers_are_those_of_the_walk():
    assert LAYERS == ("landing", "bronze", "silver", "gold", "quarantine", "features", "models", "ops")


def test_quoting_doubles_backticks():
    assert quote("a.b`c") == "`a`.`b``c`"
