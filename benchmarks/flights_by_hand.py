"""What `main_pipeline` of the flights project does, as one script in one session: the yardstick of the kit's overhead.

Run it in a project made from the template, with its `src/` on PYTHONPATH. It uses the same engine and settings.
"""

from flights.features.build import build_features
from flights.features.job import features_step
from flights.medallion import open_medallion
from flights.settings import FlightsSettings
from flights.training.late_arrival import late_arrival
from pyspark.sql import SparkSession

from databricks_utils.catalog.tables import replace_table
from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import Context, open_context
from databricks_utils.mlops import evaluate, monitor, score, train
from databricks_utils.steps import StepRegister, run_step


def main() -> None:
    """Go the whole walk."""
    context = open_context("local")
    spark = SparkSessionFactory.create("local", context.config.config_folder)
    settings = context.config.extra_as(FlightsSettings)
    medallion = open_medallion(spark, context)
    medallion.deliver(context.root / (settings.sample_drops or ""))
    medallion.ingest()
    transformed = medallion.transform()
    transformed.balance()
    print(transformed)
    print(_features(spark, context, settings), "flights")
    problem = late_arrival(context)
    print(train(spark, context, problem))
    print(evaluate(spark, context, problem))
    print(score(spark, context, problem))
    print(monitor(spark, context, problem))


def _features(spark: SparkSession, context: Context, settings: FlightsSettings) -> int:
    table = context.table("features", "flight_features")

    def build() -> int:
        enriched = spark.table(context.table("silver", "flights_enriched"))
        replace_table(build_features(enriched, settings), table)
        return spark.table(table).count()

    return run_step(StepRegister(spark, context), features_step(spark, context), build, int).result


if __name__ == "__main__":
    main()
