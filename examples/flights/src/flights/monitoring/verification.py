"""Entry point `verification` of the wheel: check the results of the whole pipeline, and remove the schemas of a test run."""

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import Context, task_context
from databricks_utils.mlops import verify
from databricks_utils.testing import drop_throw_away_schemas, is_throw_away
from pyspark.sql import SparkSession

from flights.ingestion.test_data import INVALID, REPEATED
from flights.medallion import open_medallion
from flights.training.late_arrival import late_arrival


def main() -> None:
    """Check the results. Then remove the schemas of a test run, also if a check fails, unless the parameter `keep` is set."""
    context = task_context("Check the results of the pipeline.", keep="")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    try:
        print(check(spark, context))
    finally:
        if is_throw_away(context) and not context.parameters["keep"]:
            dropped = drop_throw_away_schemas(spark, context, models=[late_arrival(context).model_in(context)])
            print(f"{len(dropped)} schemas of the test run dropped; with keep=true they stay")


def check(spark: SparkSession, context: Context) -> str:
    """Check that no record was lost or duplicated, and that each flight to score has a prediction and is monitored."""
    accounts = {account.source: account for account in open_medallion(spark, context).account()}
    for account in accounts.values():
        account.balance()
    flights = accounts["flights"]
    if is_throw_away(context) and (flights.quarantined, flights.duplicates) != (INVALID, REPEATED):
        raise AssertionError(f"{INVALID} invalid and {REPEATED} repeated flights were delivered, but: {flights}")
    return f"every record is accounted for; {verify(spark, context, late_arrival(context))}"
