"""Entry point `features` of the wheel: rebuild the feature table."""

from databricks_utils.catalog.tables import replace_table
from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import task_context
from databricks_utils.observability import report_rows

from flights.features.build import build_features
from flights.settings import FlightsSettings


def main() -> None:
    """Replace the rows of `features.flight_features` with features of today's silver, in one commit."""
    context = task_context("Build the feature table.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    enriched = spark.table(context.table("silver", "flights_enriched"))
    table = context.table("features", "flight_features")
    replace_table(build_features(enriched, context.config.extra_as(FlightsSettings)), table)
    rows = spark.table(table).count()
    print(f"{table}: {rows:,} flights")
    report_rows(rows_in=rows, rows_out=rows, tables=[table])
