"""Entry point `evaluation` of the wheel: the quality gate."""

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import task_context
from databricks_utils.mlops import evaluate
from databricks_utils.observability import report_model, report_note

from flights.training.late_arrival import late_arrival


def main() -> None:
    """Judge the challenger, promote it if it passes, and report the verdict."""
    context = task_context("Judge the challenger, and promote it if it passes.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    evaluation = evaluate(spark, context, late_arrival(context))
    print(evaluation)
    report_note(evaluation.skipped or evaluation.unchanged)
    for report in evaluation.reports():
        report_model(**report)
