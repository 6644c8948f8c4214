"""Entry point `features` of the wheel: rebuild the feature table."""

from databricks_utils.catalog.tables import replace_table
from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import Context, task_context
from databricks_utils.observability import report_note, report_rows
from databricks_utils.steps import Outcome, StepRegister, run_step, table_step
from pyspark.sql import SparkSession

from flights.features.build import build_features
from flights.settings import FlightsSettings


def main() -> None:
    """Replace the rows of `features.flight_features` with features of today's silver, in one commit, if anything has changed."""
    context = task_context("Build the feature table.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    table = context.table("features", "flight_features")
    outcome = replace_features(spark, context, table)
    print(f"{table}: {outcome.result:,} flights", outcome.unchanged, sep="\n")
    report_note(outcome.unchanged)
    rows = 0 if outcome.unchanged else outcome.result
    report_rows(rows_in=rows, rows_out=rows, tables=[table])


def replace_features(spark: SparkSession, context: Context, table: str) -> Outcome[int]:
    """Replace the feature table, unless nothing has changed; return the number of its rows."""
    enriched = context.table("silver", "flights_enriched")

    def work() -> int:
        replace_table(build_features(spark.table(enriched), context.config.extra_as(FlightsSettings)), table)
        return spark.table(table).count()

    step = table_step(spark, context, "features", reads=[enriched], writes=[table], code=[build_features])
    return run_step(StepRegister(spark, context), step, work, int)
