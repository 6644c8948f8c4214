"""What `main_pipeline` of the flights project does, as one script in one session: the yardstick of the kit's overhead.

Run it in a copy of examples/flights, with its `src/` on PYTHONPATH. It uses the same engine and settings.
"""

from flights.features.build import build_features
from flights.medallion import open_medallion
from flights.settings import FlightsSettings
from flights.training.late_arrival import late_arrival

from databricks_utils.catalog.tables import replace_table
from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import open_context
from databricks_utils.mlops import evaluate, monitor, score, train


def main() -> None:
    """Go the whole walk."""
    context = open_context("local")
    spark = SparkSessionFactory.create("local", context.config.config_folder)
    settings = context.config.extra_as(FlightsSettings)
    context.catalog.ensure_schemas(spark)
    medallion = open_medallion(spark, context)
    medallion.deliver(context.root / (settings.sample_drops or ""))
    medallion.ingest()
    medallion.refine()
    medallion.derive()
    for account in medallion.account():
        account.balance()
    table = context.table("features", "flight_features")
    replace_table(build_features(spark.table(context.table("silver", "flights_enriched")), settings), table)
    spark.table(table).count()
    problem = late_arrival(context)
    train(spark, context, problem)
    print(evaluate(spark, context, problem))
    score(spark, context, problem)
    print(len(monitor(spark, context, problem).windows), "windows")


if __name__ == "__main__":
    main()
