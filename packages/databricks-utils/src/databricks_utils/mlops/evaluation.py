"""Evaluate the challenger: compare it with the champion on the validation windows, examine it on the test windows.

It is promoted only if it passes the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.dependencies import evaluation_step
from databricks_utils.mlops.errors import MissingModelError
from databricks_utils.mlops.gate.decision import GateCheck, GateDecision
from databricks_utils.mlops.gate.quality_gate import QualityGate
from databricks_utils.mlops.gate.rules import GateRules
from databricks_utils.mlops.holdout import HoldoutPeriods, HoldoutRows, OnHoldout
from databricks_utils.mlops.inputs.feature_table import FeatureTable
from databricks_utils.mlops.inputs.nothing_delivered import nothing_delivered
from databricks_utils.mlops.registry import BASELINE, CHALLENGER, CHAMPION, ModelRegistry, RegisteredModel
from databricks_utils.mlops.runs.lineage import record_model
from databricks_utils.mlops.runs.tracking import use_tracking
from databricks_utils.steps import Step, StepRegister, run_step
from databricks_utils.steps.earlier import standing_result

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_REPORTED = ("roc_auc", "brier_skill", "calibration_gap")
_ON_TEST = "test_"


@dataclass(frozen=True)
class Evaluation:
    """The result of an evaluation.

    Attributes:
        decisions: The gate's decisions, in order; empty if the challenger was already the champion.
        champion: The current champion; None if nothing was evaluated, and there is none.
        champion_metrics: What the gate measured when it judged the champion; empty if this evaluation judged a model.
        skipped: Why nothing was evaluated, if there are no rows at all.
        unchanged: That nothing has changed since these decisions; empty if they were made now.
        digests: Window → digest of the rows that the gate judged by.
    """

    decisions: tuple[GateDecision, ...]
    champion: RegisteredModel | None
    champion_metrics: Mapping[str, float] = field(default_factory=dict)
    skipped: str = ""
    unchanged: str = ""
    digests: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def again(self, unchanged: str) -> Evaluation:
        """Return the result of the same evaluation once more: only the refused challenger is judged again, to the same end.

        Args:
            unchanged: See the attribute.
        """
        return replace(self, decisions=self.decisions[-1:], unchanged=unchanged)

    def reports(self) -> list[dict[str, Any]]:
        """Return the arguments of `report_model` for each judged model; without one, for the champion if there is one."""
        if self.champion is None:
            return []
        return [_report_of(decision) for decision in self.decisions] or [
            {
                "name": self.champion.reference.name,
                "version": self.champion.reference.version,
                "aliases": [CHALLENGER, CHAMPION],
                "metrics": dict(self.champion_metrics),
                "gate": self.champion.verdict,
            }
        ]

    def __str__(self) -> str:
        """Return each decision with its checks; else why there is none."""
        if self.decisions or self.champion is None:
            return "\n".join(
                line for line in (self.unchanged, *map(str, self.decisions), self.skipped) if line
            )
        champion = self.champion.reference
        standing = f"{champion.name} version {champion.version} is already the champion; nothing to evaluate"
        return self.skipped or standing


def evaluate(spark: SparkSession, context: Context, problem: BinaryClassification) -> Evaluation:
    """Evaluate the candidates, and promote those that pass the gate.

    Without a champion, the baseline is judged first, by the absolute thresholds only. If the challenger is refused, the
    champion stays. A challenger that is already the champion is not judged again; one that was champion and was rolled back is
    refused. If neither the rows of these periods with a known outcome, the models, the packages nor the configuration have changed
    since the last evaluation, nothing is judged. A feature table without rows is no error: nothing is evaluated.

    Raises:
        MissingModelError: There is no challenger, or there is no champion and the gate refused every candidate.
        ChampionBrokenError: The champion cannot score, e.g. because its features no longer exist.
    """
    use_tracking(context)
    registry, name = ModelRegistry(), problem.model_in(context)
    champion, challenger = registry.find(name, CHAMPION), registry.find(name, CHALLENGER)
    if champion and challenger and champion.reference == challenger.reference:
        return Evaluation((), champion, _measured(champion))
    register, step = StepRegister(spark, context), evaluation_step(spark, context, problem, registry)
    outcome = run_step(register, step, lambda: _evaluate(spark, context, problem, register, step), Evaluation)
    return outcome.result.again(outcome.unchanged) if outcome.unchanged else outcome.result


def _evaluate(
    spark: SparkSession, context: Context, problem: BinaryClassification, register: StepRegister, step: Step
) -> Evaluation:
    registry, name = ModelRegistry(), problem.model_in(context)
    periods, table = problem.settings.periods, FeatureTable.newest(spark, problem.features_in(context))
    holdouts = HoldoutPeriods(spark, table, problem, (periods.validate_, periods.test))
    if not any(holdouts.counts) and (reason := nothing_delivered(table.read(spark), table.name, context)):
        return Evaluation((), registry.find(name, CHAMPION), skipped=reason)
    then = standing_result(register.last(step.name), step, Evaluation)
    if then and then.decisions and dict(then.digests) == holdouts.digests:
        return then.again("the rows to judge by have not changed")
    started = datetime.now(UTC)
    validation, test = holdouts.rows()
    judge = _Judge(registry, problem, validation, test)
    challenger = registry.get(name, CHALLENGER)
    champion, decisions = registry.find(name, CHAMPION), []
    if champion is None and (baseline := registry.find(name, BASELINE)):
        decisions.append(judge.decide(baseline, None))
        champion = registry.find(name, CHAMPION)
    decisions.append(judge.decide(challenger, champion))
    record_model(spark, "evaluate", features=table.name, columns=problem.columns, model=name, started=started)
    champion = registry.find(name, CHAMPION)
    if champion is None:
        raise MissingModelError(
            f"evaluation: {name} has no champion, because the gate refused every candidate",
            detail="\n".join(map(str, decisions)),
            location=name,
            fix="train a better candidate, or change the thresholds in `gate` of the model's settings (`extra.gate` in config/*.yaml)",
        )
    return Evaluation(tuple(decisions), champion, digests=holdouts.digests)


@dataclass(frozen=True)
class _Judge:
    """Judges models by the gate and records the verdicts; a version that was rolled back is refused without a comparison."""

    registry: ModelRegistry
    problem: BinaryClassification
    validation: HoldoutRows
    test: HoldoutRows

    def decide(self, candidate: RegisteredModel, champion: RegisteredModel | None) -> GateDecision:
        """Judge a candidate, log the decision and what was measured in its run, and promote it if it passed."""
        from mlflow import MlflowClient

        decision = (
            _refusal(candidate, champion) if candidate.rolled_back else self._compare(candidate, champion)
        )
        client = MlflowClient()
        client.log_dict(candidate.run_id, decision.as_dict(), "gate.json")
        for name, value in _examined(decision).items():
            client.log_metric(candidate.run_id, f"{_ON_TEST}{name}", value)
        self.registry.record(decision)
        if decision.passed:
            self.registry.promote(decision)
        return decision

    def _compare(self, candidate: RegisteredModel, champion: RegisteredModel | None) -> GateDecision:
        gate = QualityGate(GateRules(**self.problem.settings.gate.model_dump()))
        rows = (self.validation, self.test)
        against = OnHoldout(champion, rows) if champion else None
        return gate.evaluate(OnHoldout(candidate, rows), against, self.validation.holdout, self.test.holdout)


def _refusal(candidate: RegisteredModel, champion: RegisteredModel | None) -> GateDecision:
    """Return the decision about a version that was champion and was rolled back."""
    name, version = candidate.reference.name, candidate.reference.version
    detail = f"it was champion and was rolled back; to judge it again: ModelRegistry().readmit({name!r}, {version!r})"
    check = GateCheck("not rolled back", passed=False, observed=0.0, required=1.0, detail=detail)
    figures = _measured(champion) if champion else {}
    return GateDecision(candidate.reference, champion.reference if champion else None, (check,), figures)


def _measured(champion: RegisteredModel) -> dict[str, float]:
    from mlflow import MlflowClient

    metrics = MlflowClient().get_run(champion.run_id).data.metrics
    return {name: metrics[f"{_ON_TEST}{name}"] for name in _REPORTED if f"{_ON_TEST}{name}" in metrics}


def _examined(decision: GateDecision) -> dict[str, float]:
    return {check.name: check.observed for check in decision.checks if check.name in _REPORTED}


def _report_of(decision: GateDecision) -> dict[str, Any]:
    candidate = decision.candidate
    return {
        "name": candidate.name,
        "version": candidate.version,
        "aliases": [CHALLENGER, CHAMPION] if decision.passed else [CHALLENGER],
        "metrics": _examined(decision),
        "gate": decision.as_dict(),
    }
