"""Load the samples up to silver on real Delta: every record is accounted for, and a bad record is in quarantine."""

import pytest
from databricks_utils.testing import write_drop
from rows import FLIGHTS, record

from flights.medallion import open_medallion

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def test_the_samples_of_every_source_reach_silver_and_a_bad_record_goes_to_quarantine(spark, context, landing):
    write_drop(landing / "flights" / "flights_2.csv.gz", FLIGHTS.columns, [record(flight="9000"), record(dest="XXX")])
    medallion = open_medallion(spark, context)
    medallion.ingest()
    medallion.refine()
    accounts = {item.source: item for item in medallion.account()}
    for account in accounts.values():
        account.balance()
    assert set(accounts) == {entity.name for entity in medallion.entities}
    assert all(account.silver for account in accounts.values() if account.landed)
    assert accounts["flights"].quarantined == 1
    quarantine = spark.table(context.table("quarantine", "flights"))
    failed = [row["rule"] for row in quarantine.select("_failures.rule").collect()]
    # An unknown airport has no time zone, so the arrival is not known either: both reasons are there.
    assert failed == [["scheduled_arrival_is_given", "destination_is_known"]]
