"""Entry point `verification` of the wheel: check the results of the whole pipeline."""

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import task_context
from databricks_utils.mlops import verify

from flights.medallion import open_medallion
from flights.training.late_arrival import late_arrival


def main() -> None:
    """Check that no record was lost or duplicated, and that each flight to score has a prediction and is monitored."""
    context = task_context("Check the results of the pipeline.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    for account in open_medallion(spark, context).account():
        account.balance()
    print(f"every record is accounted for; {verify(spark, context, late_arrival(context))}")
