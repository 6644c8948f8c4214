"""Entry point `features` of the wheel: make the features of the months that have changed, and of all later ones."""

from datetime import date

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import Context, task_context
from databricks_utils.features import BuiltFeatures, build_by_window
from databricks_utils.observability import report_note, report_rows
from databricks_utils.steps import Step, StepRegister, run_step, table_step
from pyspark.sql import DataFrame, SparkSession

from flights.features.build import build_features, window_of
from flights.settings import FlightsSettings


def main() -> None:
    """Bring `features.flight_features` in line with today's silver, unless nothing has changed."""
    context = task_context("Build the feature table.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    enriched = spark.table(context.table("silver", "flights_enriched"))
    table, settings = context.table("features", "flight_features"), context.config.extra_as(FlightsSettings)
    register, step = StepRegister(spark, context), features_step(spark, context)

    def features(since: date | None) -> DataFrame:
        return build_features(enriched, settings, since=since)

    def build() -> BuiltFeatures:
        return build_by_window(
            register, step, source=enriched, source_window=window_of(), table=table, window="month", build=features
        )

    outcome = run_step(register, step, build, BuiltFeatures)
    print(f"{table}: {outcome.result}", outcome.unchanged, sep="\n")
    report_note(outcome.unchanged)
    made = 0 if outcome.unchanged else outcome.result.made
    report_rows(rows_in=made, rows_out=made, tables=[table])


def features_step(spark: SparkSession, context: Context) -> Step:
    """Return what the feature table depends on."""
    read, written = context.table("silver", "flights_enriched"), context.table("features", "flight_features")
    return table_step(spark, context, "features", reads=[read], writes=[written], code=[build_features])
