"""Train and register a challenger for the gate to judge; the first time, the baseline too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import Algorithm, BinaryClassification
from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.dependencies import training_step
from databricks_utils.mlops.inputs.change import FeatureChange
from databricks_utils.mlops.inputs.feature_table import FeatureTable
from databricks_utils.mlops.inputs.nothing_delivered import nothing_delivered
from databricks_utils.mlops.inputs.sample import (
    Sample,
    counts_of,
    digests_of_known,
    read_samples,
    rows_with_outcome,
)
from databricks_utils.mlops.measures.curves import Curves
from databricks_utils.mlops.metrics import measure
from databricks_utils.mlops.registry import BASELINE, CHALLENGER, CHAMPION, ModelRegistry, RegisteredModel
from databricks_utils.mlops.runs.lineage import record_model
from databricks_utils.mlops.runs.record import log_model
from databricks_utils.mlops.runs.tags import RunTags
from databricks_utils.mlops.runs.tracking import use_tracking
from databricks_utils.mlops.shown.plots import curves_figure
from databricks_utils.steps import Step, StepRegister, run_step
from databricks_utils.steps.earlier import standing_result

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.figure import Figure
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Candidate:
    """A registered candidate.

    Attributes:
        algorithm: Its name.
        alias: `baseline` or `challenger`.
        model: Its version.
        metrics: Measured on the validation windows.
        is_new: False if the version with the alias is already this model; then no version was registered.
        curves: Its ranking and calibration on the validation rows.
    """

    algorithm: str
    alias: str
    model: RegisteredModel
    metrics: Mapping[str, float]
    is_new: bool
    curves: Curves = field(repr=False, compare=False)


@dataclass(frozen=True)
class Training:
    """The result of a training.

    Attributes:
        candidates: The candidates, in the order in which the gate judges them.
        change: The difference to the champion's features; None if there is none, or if there is no champion.
        skipped: Why nothing was trained, if there are no rows at all.
        unchanged: That nothing has changed since the last training, which these are the candidates of; empty if it ran.
        digests: Window → digest of its rows with a known outcome, in the columns of training.
    """

    candidates: tuple[Candidate, ...]
    change: FeatureChange | None = None
    skipped: str = ""
    unchanged: str = ""
    digests: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def again(self, unchanged: str, change: FeatureChange | None) -> Training:
        """Return the result of the same training once more, when nothing has changed: no version is new.

        Args:
            unchanged: See the attribute.
            change: See the attribute.
        """
        candidates = tuple(replace(c, is_new=False) for c in self.candidates if c.alias == CHALLENGER)
        return replace(self, candidates=candidates, change=change, unchanged=unchanged)

    def table(self) -> pd.DataFrame:
        """Return one row for each candidate: version, alias, whether it is new, and its metrics."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "algorithm": c.algorithm,
                    "version": c.model.reference.version,
                    "alias": c.alias,
                    "new": c.is_new,
                    **c.metrics,
                }
                for c in self.candidates
            ]
        )

    def figure(self) -> Figure:
        """Return a figure of the candidates' ROC curves and calibration on the validation rows."""
        return curves_figure({c.algorithm: c.curves for c in self.candidates})

    def reports(self) -> list[dict[str, Any]]:
        """Return the arguments of `databricks_utils.observability.report_model`, one mapping for each candidate."""
        return [
            {
                "name": c.model.reference.name,
                "version": c.model.reference.version,
                "aliases": [c.alias],
                "metrics": dict(c.metrics),
            }
            for c in self.candidates
        ]

    def __str__(self) -> str:
        """Return one line for each candidate, and the change of the features if there is one; else why nothing was trained."""
        lines = [line for line in (self.skipped, self.unchanged) if line]
        for c in self.candidates:
            measured = ", ".join(f"{name} {value:.4f}" for name, value in c.metrics.items())
            lines.append(f"{c.algorithm}: version {c.model.reference.version} as {c.alias}; {measured}")
            if not c.is_new and not self.unchanged:
                lines.append(
                    "  the same model again: all scores equal those of that version, so nothing was registered"
                )
        if self.change:
            lines.append(f"{self.change.summary}; the challenger is trained on the features declared now")
        return "\n".join(lines)


def train(spark: SparkSession, context: Context, problem: BinaryClassification) -> Training:
    """Train on the windows of `periods.train`, measure on those of `periods.validate`, and register the model.

    Of the windows of `periods.test`, only the distribution of the model's scores is recorded, for monitoring to measure drift
    against; the gate examines the model on them.

    Without a champion, the baseline is registered first: if it passes the gate, it is the first champion, with which the
    challenger is compared. If a model has the same features as the version with its alias, and the same score for every
    validation row, it is the same model: nothing is registered, and the gate has nothing new to judge. The version keeps
    the tags of the run that first trained it. If neither the rows of these periods with a known outcome, the code, the declaration,
    the packages, the configuration nor the challenger have changed since the last training, nothing is trained; if the feature table
    has not changed at all, its rows are not even read.
    A feature table without rows is no error: nothing is trained.

    Raises:
        MissingFeaturesError: The feature table lacks a declared column.
        SampleError: A period has no rows with a known outcome.
    """
    use_tracking(context)
    registry, name = ModelRegistry(), problem.model_in(context)
    register, step = StepRegister(spark, context), training_step(spark, context, problem, registry)
    outcome = run_step(register, step, lambda: _train(spark, context, problem, register, step), Training)
    if not outcome.unchanged:
        return outcome.result
    change = _change(registry.find(name, CHAMPION), problem.columns)
    return outcome.result.again(outcome.unchanged, change)


def _train(
    spark: SparkSession, context: Context, problem: BinaryClassification, register: StepRegister, step: Step
) -> Training:
    columns, settings, registry = problem.columns, problem.settings, ModelRegistry()
    table = FeatureTable.newest(spark, problem.features_in(context))
    features = table.read(spark, columns=columns.of_training)
    periods = (settings.periods.train, settings.periods.validate_, settings.periods.test)
    digests = digests_of_known(features.select(*columns.of_training), columns, periods)
    counts, champion = counts_of(digests, periods), registry.find(problem.model_in(context), CHAMPION)
    if not any(counts) and (reason := nothing_delivered(features, table.name, context)):
        return Training((), skipped=reason)
    then = standing_result(register.last(step.name), step, Training)
    if then and then.candidates and dict(then.digests) == digests:
        return then.again("the rows to learn from have not changed", _change(champion, columns))
    wanted_rows = [
        rows_with_outcome(columns, period, settings, count=count)
        for period, count in zip(periods, counts, strict=True)
    ]
    learning, validation, test = read_samples(features, wanted_rows, columns, columns.types)
    work = _Step(context, problem, registry, table, learning, validation, test)
    wanted = [(problem.challenger, CHALLENGER)]
    if champion is None:
        wanted = [(problem.baseline, BASELINE), *wanted]
    started = datetime.now(UTC)
    candidates = tuple(work.candidate(algorithm, alias) for algorithm, alias in wanted)
    if any(candidate.is_new for candidate in candidates):
        model = problem.model_in(context)
        record_model(spark, "train", features=table.name, columns=columns, model=model, started=started)
    return Training(candidates, _change(champion, columns), digests=digests)


def _change(champion: RegisteredModel | None, columns: Columns) -> FeatureChange | None:
    """Return the difference to the champion's features; None if the champion cannot be read (the evaluation reports that)."""
    from mlflow.exceptions import MlflowException

    try:
        return champion.change_to(columns.types) if champion else None
    except (MlflowException, OSError):
        return None


@dataclass(frozen=True)
class _Step:
    """Trains candidates one after the other, on the same rows."""

    context: Context
    problem: BinaryClassification
    registry: ModelRegistry
    table: FeatureTable
    learning: Sample
    validation: Sample
    test: Sample

    def candidate(self, algorithm: Algorithm, alias: str) -> Candidate:
        """Fit, measure and register a model, unless the version with the alias is the same model."""
        model = algorithm.build().fit(self.learning.features, self.learning.labels)
        scores = model.predict_proba(self.validation.features)[:, 1]
        labels = self.validation.labels.to_numpy()
        metrics, curves = measure(labels, scores).as_dict(), Curves.of(labels, scores)
        name = self.problem.model_in(self.context)
        standing = self.registry.find(name, alias)
        if standing and self._is_again(standing, scores):
            return Candidate(algorithm.name, alias, standing, metrics, is_new=False, curves=curves)
        logged = log_model(
            algorithm,
            model,
            self.validation,
            scores,
            test_scores=model.predict_proba(self.test.features)[:, 1],
            tags=RunTags.of(self.context, dataset_version=self.table.dataset_version),
            parameters=self._parameters(),
            metrics=metrics,
        )
        registered = self.registry.register(name, logged.uri, tags=logged.version_tags, alias=alias)
        return Candidate(algorithm.name, alias, registered, metrics, is_new=True, curves=curves)

    def _is_again(self, standing: RegisteredModel, scores: np.ndarray[Any, Any]) -> bool:
        """Return whether a version gives the same scores and was trained on the same features."""
        same_scores = standing.gives(scores, self.validation.features)
        return same_scores and standing.change_to(self.problem.columns.types) is None

    def _parameters(self) -> dict[str, object]:
        periods = self.problem.settings.periods
        return {
            "train_first": periods.train.first,
            "train_last": periods.train.last,
            "train_rows": len(self.learning.labels),
            "validation_rows": len(self.validation.labels),
            "test_rows": len(self.test.labels),
        }
