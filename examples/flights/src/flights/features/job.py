"""Entry point `features` of the wheel: rebuild the feature table."""

from databricks_utils.catalog.tables import replace_table
from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import Context, task_context
from databricks_utils.observability import report_note, report_rows
from databricks_utils.steps import Step, StepRegister, run_step, table_step
from pyspark.sql import SparkSession

from flights.features.build import build_features
from flights.settings import FlightsSettings


def main() -> None:
    """Replace the rows of `features.flight_features` with features of today's silver, unless nothing has changed."""
    context = task_context("Build the feature table.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    table = context.table("features", "flight_features")

    def build() -> int:
        enriched = spark.table(context.table("silver", "flights_enriched"))
        replace_table(build_features(enriched, context.config.extra_as(FlightsSettings)), table)
        return spark.table(table).count()

    outcome = run_step(StepRegister(spark, context), features_step(spark, context), build, int)
    print(f"{table}: {outcome.result:,} flights", outcome.unchanged, sep="\n")
    report_note(outcome.unchanged)
    rows = 0 if outcome.unchanged else outcome.result
    report_rows(rows_in=rows, rows_out=rows, tables=[table])


def features_step(spark: SparkSession, context: Context) -> Step:
    """Return what the feature table depends on."""
    read, written = context.table("silver", "flights_enriched"), context.table("features", "flight_features")
    return table_step(spark, context, "features", reads=[read], writes=[written], code=[build_features])
