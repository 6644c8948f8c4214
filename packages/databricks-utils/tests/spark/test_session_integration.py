"""The factory on real Spark: the local engine, and a classic session that stands in for a cluster's."""

import pytest

from databricks_utils.config import ConfigLoader
from databricks_utils.spark import SparkSessionFactory, SparkSettingsWarning

pytestmark = pytest.mark.integration


def test_a_local_session_reads_and_writes_three_level_names(spark_session, catalog):
    table = catalog.table_name("bronze", "flights")
    spark_session.sql(f"CREATE TABLE {table} (carrier STRING) USING delta")
    spark_session.sql(f"INSERT INTO {table} VALUES ('AA'), ('UA')")
    assert spark_session.table(table).count() == 2


def test_settings_of_the_configuration_hold_in_the_session(spark_session):
    assert spark_session.conf.get("spark.sql.session.timeZone") == "UTC"


def test_a_second_session_attaches_to_the_same_engine_with_its_own_settings(spark_session, lakehouse_project):
    config = ConfigLoader.load(
        "local",
        lakehouse_project / "config",
        {"spark": {"config": {"spark.sql.session.timeZone": "Europe/Zurich"}}},
    )
    other = SparkSessionFactory.from_config(config)
    assert other.conf.get("spark.sql.session.timeZone") == "Europe/Zurich"
    if config.spark.mode == "classic":  # such a process has one session
        assert other is spark_session
        other.conf.set("spark.sql.session.timeZone", "UTC")
    assert spark_session.conf.get("spark.sql.session.timeZone") == "UTC"


def test_a_setting_that_spark_refuses_is_named_and_the_session_works(
    spark_session, lakehouse_project, monkeypatch
):
    from databricks_utils.spark.settings import apply_settings

    settings = {"spark.sql.shuffle.partitions": "3", "spark.sql.warehouse.dir": "/elsewhere"}
    with pytest.warns(SparkSettingsWarning, match=r"spark\.sql\.warehouse\.dir: \[.*CONFIG") as caught:
        refused = apply_settings(spark_session, settings, where="this engine")
    assert list(refused) == ["spark.sql.warehouse.dir"]
    assert len(caught) == 1
    assert spark_session.conf.get("spark.sql.shuffle.partitions") == "3"
