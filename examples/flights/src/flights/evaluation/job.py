"""Entry point `evaluation` of the wheel: the quality gate."""

from databricks_utils.config import SparkSessionFactory
from databricks_utils.mlops.registry import CHALLENGER, CHAMPION
from databricks_utils.observability import report_model

from flights.evaluation.judge import evaluate
from flights.job import read_parameters


def main() -> None:
    """Judge the challenger; say what the gate said."""
    context = read_parameters("Judge the challenger, and promote it if it passes.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    for decision in evaluate(spark, context):
        print(decision)
        metrics = {check.name: check.observed for check in decision.checks if check.name in {"roc_auc", "brier"}}
        aliases = [CHALLENGER, CHAMPION] if decision.passed else [CHALLENGER]
        candidate = decision.candidate
        report_model(
            candidate.name, version=candidate.version, aliases=aliases, metrics=metrics, gate=decision.as_dict()
        )
