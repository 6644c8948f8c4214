"""Entry point `verification` of the wheel: check the results of the whole pipeline, and remove the schemas of a test run."""

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import Context, task_context
from databricks_utils.mlops import verify
from databricks_utils.testing import drop_throw_away_schemas, is_throw_away, keep_throw_away_schemas
from pyspark.sql import SparkSession

from flights.ingestion.test_data import INVALID, REPEATED
from flights.medallion import open_medallion
from flights.training.late_arrival import late_arrival


class PipelineFailedError(AssertionError):
    """Raised when the pipeline before the verification did not succeed."""


def main() -> None:
    """Check the results. Then remove the schemas of a test run, unless the parameter `keep` is set; those of a failed run stay."""
    context = task_context("Check the results of the pipeline.", keep="", pipeline="success")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    models = [late_arrival(context).model_in(context)]
    try:
        if context.parameters["pipeline"] != "success":
            raise PipelineFailedError(f"the task main_pipeline ended with: {context.parameters['pipeline']}")
        print(check(spark, context))
    except Exception:
        if is_throw_away(context):
            kept = keep_throw_away_schemas(spark, context, models=models)
            print(f"{len(kept)} schemas of the test run stay until it is resumed, or until the next test run")
        raise
    if is_throw_away(context) and not context.parameters["keep"]:
        dropped = drop_throw_away_schemas(spark, context, models=models)
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
