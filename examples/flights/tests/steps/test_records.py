"""Notebooks 01 and 02 and the job `features` on a few rows of every source, on real tables."""

import pytest
from databricks_utils.medallion import DeclarationError

from flights.features import job as features
from flights.features.feature_set import KEYS

pytestmark = pytest.mark.integration


def test_each_record_is_there_once_after_two_deliveries_and_gold_has_all_flights(delivered):
    flights = delivered.table("gold", "delays_by_carrier_route_day").agg({"flights": "sum"}).first()[0]
    assert flights == delivered.table("silver", "flights").count()


def test_the_feature_table_has_each_flight_once(delivered):
    delivered.task(features.main)
    rows = delivered.table("features", "flight_features")
    assert rows.count() == rows.select(*KEYS).distinct().count() == delivered.table("silver", "flights").count()


def test_the_features_follow_silver(delivered):
    enriched = delivered.context.table("silver", "flights_enriched")
    count = delivered.table("features", "flight_features").count()
    version = delivered.spark.sql(f"DESCRIBE HISTORY {enriched} LIMIT 1").first()["version"]
    restored = (f"RESTORE TABLE {{}} TO VERSION AS OF {version}", "UPDATE {} SET observed_at = NULL")  # no weather
    for statements, expected in ((("DELETE FROM {}",), 0), (restored, count)):
        for statement in statements:
            delivered.spark.sql(statement.format(enriched)).collect()
        delivered.task(features.main)
        assert delivered.table("features", "flight_features").count() == expected


def test_the_transformation_does_what_its_mode_says(delivered):
    with pytest.raises(DeclarationError, match="no mode `sideways`"):
        delivered.notebook("02_transform_silver_gold", mode="sideways")
