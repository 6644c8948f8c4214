"""Entry point `verification` of the wheel: what must be true after the whole pipeline has run, wherever it ran."""

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import Context, task_context
from databricks_utils.errors import DatabricksUtilsError
from databricks_utils.mlops import ModelRegistry
from databricks_utils.mlops.registry import CHAMPION
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from flights.features.feature_set import KEYS
from flights.medallion import open_medallion
from flights.settings import FlightsSettings
from flights.training.train import track


class VerificationError(DatabricksUtilsError, AssertionError):
    """Raised when the pipeline ran to its end and its results are not what they must be."""


def verify(spark: SparkSession, context: Context) -> None:
    """Check that no record was lost or doubled, that there is a champion, and that each flight to score is scored once.

    Raises:
        AccountingError: Records were lost or doubled between landing and silver.
        MissingModelError: There is no champion.
        VerificationError: Predictions are missing or doubled, or nothing was monitored.
    """
    for account in open_medallion(spark, context).account():
        account.balance()
    track(context)
    ModelRegistry().get(context.catalog.model_name(), CHAMPION)
    period = context.config.extra_as(FlightsSettings).periods.score
    features = spark.table(context.table("features", "flight_features"))
    asked = features.where(F.col("month").between(period.first, period.last)).count()
    predictions = spark.table(context.table("gold", "predictions")).where(
        F.col("month").between(period.first, period.last)
    )
    found, distinct = predictions.count(), predictions.select(*KEYS).distinct().count()
    if not asked == found == distinct:
        raise VerificationError(
            "verification: not every flight has exactly one prediction",
            detail=f"{asked:,} flights to score, {found:,} predictions of {distinct:,} flights",
            location=context.table("gold", "predictions"),
            fix="run the job batch_scoring again",
        )
    if spark.table(context.table("ops", "profile_metrics")).isEmpty():
        raise VerificationError(
            "verification: nothing was monitored",
            location=context.table("ops", "profile_metrics"),
            fix="run the job monitoring",
        )


def main() -> None:
    """Check the results of the pipeline."""
    context = task_context("Check what the pipeline has made.")
    verify(SparkSessionFactory.create(context.config.environment, context.config.config_folder), context)
    print("every record is accounted for, every flight is scored once")
