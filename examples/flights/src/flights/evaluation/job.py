"""Entry point `evaluation` of the wheel: the quality gate."""

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import task_context
from databricks_utils.mlops import GateDecision, ModelRegistry, RegisteredModel
from databricks_utils.mlops.registry import CHALLENGER, CHAMPION
from databricks_utils.observability import report_model
from mlflow import MlflowClient

from flights.evaluation.judge import evaluate


def main() -> None:
    """Judge the challenger; say what the gate said."""
    context = task_context("Judge the challenger, and promote it if it passes.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    decisions = evaluate(spark, context)
    for decision in decisions:
        print(decision)
        _report(decision)
    if not decisions:
        champion = ModelRegistry().get(context.catalog.model_name(), CHAMPION)
        print(f"{champion.reference.name} version {champion.reference.version} is champion already; nothing to judge")
        _report_standing(champion)


def _report(decision: GateDecision) -> None:
    metrics = {check.name: check.observed for check in decision.checks if check.name in {"roc_auc", "brier"}}
    aliases = [CHALLENGER, CHAMPION] if decision.passed else [CHALLENGER]
    candidate = decision.candidate
    report_model(candidate.name, version=candidate.version, aliases=aliases, metrics=metrics, gate=decision.as_dict())


def _report_standing(champion: RegisteredModel) -> None:
    """Report a champion that is not judged again: what its run measured, and the verdict on its version."""
    measured = MlflowClient().get_run(champion.run_id).data.metrics
    metrics = {name.removeprefix("validation_"): value for name, value in measured.items()}
    report_model(
        champion.reference.name,
        version=champion.reference.version,
        aliases=[CHALLENGER, CHAMPION],
        metrics=metrics,
        gate=champion.tags.get("gate"),
    )
