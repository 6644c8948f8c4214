"""Judge the challenger against the champion on the validation months; promote what passes, and nothing else."""

from databricks_utils.context import Context
from databricks_utils.mlops import GateDecision, GateRules, Holdout, ModelRegistry, QualityGate, RegisteredModel
from databricks_utils.mlops.registry import CHALLENGER, CHAMPION
from mlflow import MlflowClient
from pyspark.sql import SparkSession

from flights.settings import FlightsSettings
from flights.training.sample import FeatureTable, read_sample
from flights.training.train import BASELINE, track


def evaluate(spark: SparkSession, context: Context) -> list[GateDecision]:
    """Judge what is waiting to be champion.

    Where there is no champion, the baseline is judged first, by the absolute floors. A challenger that is refused changes
    nothing: the champion stays. Judged again, a challenger that became champion is left alone.

    Returns:
        The decisions, in their order; none if the challenger is champion already.

    Raises:
        MissingModelError: There is no challenger, or after all of it no champion.
    """
    track(context)
    registry, name = ModelRegistry(), context.catalog.model_name()
    gate = QualityGate(GateRules(**context.config.extra_as(FlightsSettings).gate.model_dump()))
    challenger = registry.get(name, CHALLENGER)
    champion, holdout, decisions = registry.find(name, CHAMPION), _holdout(spark, context), []
    if champion is None and (baseline := registry.find(name, BASELINE)):
        decisions.append(_decide(registry, gate, baseline, None, holdout))
        champion = registry.find(name, CHAMPION)
    if champion is None or champion.reference != challenger.reference:
        decisions.append(_decide(registry, gate, challenger, champion, holdout))
    registry.get(name, CHAMPION)
    return decisions


def _holdout(spark: SparkSession, context: Context) -> Holdout:
    table = FeatureTable.newest(spark, context.table("features", "flight_features"))
    settings = context.config.extra_as(FlightsSettings)
    sample = read_sample(table.read(spark), settings.periods.validate_, rows=settings.sample_rows)
    return Holdout(sample.features, sample.labels.tolist())


def _decide(
    registry: ModelRegistry,
    gate: QualityGate,
    candidate: RegisteredModel,
    champion: RegisteredModel | None,
    holdout: Holdout,
) -> GateDecision:
    decision = gate.evaluate(candidate, champion, holdout)
    MlflowClient().log_dict(candidate.run_id, decision.as_dict(), "gate.json")
    registry.record(decision)
    if decision.passed:
        registry.promote(decision)
    return decision
