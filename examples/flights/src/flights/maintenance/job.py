"""Entry point `maintenance` of the wheel: cluster, optimize and vacuum the project's tables."""

from databricks_utils.catalog.maintenance import maintain
from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import task_context
from databricks_utils.observability import report_rows


def main() -> None:
    """Maintain each table of the project; retention and clustering are in the section `maintenance` of the configuration."""
    context = task_context("Cluster, optimize and vacuum the project's tables.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    maintenance = maintain(spark, context.catalog, context.config.maintenance)
    print(maintenance)
    report_rows(tables=[table.name for table in maintenance.tables])
