"""What `main_pipeline` of the flights project does, as one script in one session: the yardstick of the kit's overhead.

Run it in a copy of examples/flights, with its `src/` on PYTHONPATH. It uses the same engine and settings.
"""

from flights.context import open_context
from flights.features.build import build_features
from flights.ingestion.delivery import deliver
from flights.ingestion.load import ingest
from flights.monitoring.accounting import account, balance
from flights.training.late_arrival import late_arrival
from flights.transformations.tables import replace_table
from flights.transformations.walk import transform

from databricks_utils.config import SparkSessionFactory
from databricks_utils.mlops import evaluate, monitor, score, train


def main() -> None:
    """Go the whole walk."""
    context = open_context(env="local", config_path="")
    spark = SparkSessionFactory.create("local", context.config.config_folder)
    context.catalog.ensure_schemas(spark)
    deliver(context.root / context.settings.sample_drops, context.landing)
    ingest(spark, context)
    transform(spark, context)
    balance(account(spark, context))
    table = context.table("features", "flight_features")
    enriched = spark.table(context.table("silver", "flights_enriched"))
    replace_table(build_features(enriched, context.settings), table)
    spark.table(table).count()
    problem = late_arrival(context)
    train(spark, context, problem)
    print(evaluate(spark, context, problem))
    score(spark, context, problem)
    print(len(monitor(spark, context, problem).windows), "windows")


if __name__ == "__main__":
    main()
