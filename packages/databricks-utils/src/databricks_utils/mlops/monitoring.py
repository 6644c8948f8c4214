"""Compare predictions with outcomes, window by window, and decide whether a new model is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import columns_of
from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.grain import Grain
from databricks_utils.mlops.declaration.settings import MonitorBounds
from databricks_utils.mlops.dependencies import monitoring_step
from databricks_utils.mlops.errors import MissingHistogramError
from databricks_utils.mlops.inputs.nothing_delivered import nothing_delivered
from databricks_utils.mlops.measures.drift import ScoreHistogram
from databricks_utils.mlops.measures.performance import WindowPerformance, judge_windows
from databricks_utils.mlops.measures.tables import write_measures
from databricks_utils.mlops.measures.window_totals import total_windows
from databricks_utils.mlops.predictions.queries import first_predictions
from databricks_utils.mlops.retraining import Advice, advise
from databricks_utils.mlops.runs.lineage import record_measures
from databricks_utils.mlops.runs.record import HISTOGRAM
from databricks_utils.mlops.runs.tracking import use_tracking
from databricks_utils.mlops.shown.plots import monitoring_figure
from databricks_utils.mlops.shown.window_table import window_table
from databricks_utils.steps import Step, StepRegister, run_step
from databricks_utils.steps.earlier import earlier_result
from databricks_utils.window_digests import NO_WINDOW, changed_windows, in_windows, window_digests

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Monitoring:
    """The result of monitoring.

    Attributes:
        windows: The measured windows, in the order of time.
        advice: Whether a new model is due.
        tables: The tables that were written.
        bounds: The bounds for each window.
        grain: The windows' length.
        skipped: Why nothing was measured, if there are no rows at all.
        unchanged: That nothing has changed since these windows were measured; empty if it was now.
        measured: First days of the windows that were measured now; the others are as they were.
        digests: Window → digest of its predictions and outcomes; empty if windows are not measured one by one.
    """

    windows: tuple[WindowPerformance, ...]
    advice: Advice
    tables: tuple[str, ...]
    bounds: MonitorBounds
    grain: Grain = Grain.MONTH
    skipped: str = ""
    unchanged: str = ""
    measured: tuple[date, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def table(self) -> pd.DataFrame:
        """Return one row for each window: its measures, and the bounds that it violates."""
        return window_table(
            self.grain,
            (
                (
                    w.start,
                    {
                        "rows": w.count,
                        "labelled": w.labelled,
                        "mean_score": w.mean_score,
                        "positive_share": w.positive_share,
                        "roc_auc": w.roc_auc,
                        "brier": w.brier,
                        "psi": w.population_stability_index,
                        "violations": ", ".join(w.violations),
                    },
                )
                for w in self.windows
            ),
        )

    def figure(self) -> Figure:
        """Return a figure of ranking and calibration for each window."""
        return monitoring_figure(self.windows, self.bounds, self.grain)

    def __str__(self) -> str:
        return "\n".join(line for line in (self.unchanged, self.skipped or str(self.advice)) if line)


def monitor(spark: SparkSession, context: Context, problem: BinaryClassification) -> Monitoring:
    """Measure the scored windows on Spark and write the measures, one commit for each table; a second call replaces them.

    The first prediction of each row is measured, because it is the one that was acted on. What another version predicted later
    knows more than anybody knew then; `evaluate` compares versions. A feature table without rows is no error: nothing is measured.
    If neither rows, predictions, declaration nor configuration have changed since they were measured last, it ends at once. If some
    have, and `Columns.window_is_fixed`, only the windows with other predictions or outcomes than last time are measured again.

    The rule for retraining and the threshold of the drift are in the section `monitoring` of the configuration.

    Raises:
        MissingHistogramError: A version that scored has no tag with the scores of its test windows.
    """
    register, step = StepRegister(spark, context), monitoring_step(spark, context, problem)
    outcome = run_step(register, step, lambda: _monitor(spark, context, problem, register, step), Monitoring)
    if outcome.unchanged:
        return replace(outcome.result, unchanged=outcome.unchanged, measured=())
    return outcome.result


def _monitor(
    spark: SparkSession, context: Context, problem: BinaryClassification, register: StepRegister, step: Step
) -> Monitoring:
    use_tracking(context)
    started = datetime.now(UTC)
    rule, bounds, grain = context.config.monitoring, problem.settings.monitor, problem.settings.periods.grain
    model, table, name = (
        problem.model_in(context),
        problem.predictions_in(context),
        problem.features_in(context),
    )
    features, nothing = spark.table(name), advise((), latest=rule.windows, violations=rule.violations)
    if columns_of(spark, table) is None and (reason := nothing_delivered(features, name, context)):
        return Monitoring((), nothing, (), bounds, grain, reason)
    log, columns = spark.table(table), problem.columns
    digests = _digests(log, features, columns) if columns.window_is_fixed else {}
    kept = _kept(earlier_result(register.last(step.name), step, Monitoring), digests)
    only = {date.fromisoformat(name) for name in digests} - {window.start for window in kept}
    scored = first_predictions(log, columns, features, only=only if kept else None)
    baselines = read_baselines(model, _versions(scored))
    totals = total_windows(scored, {version: each.edges for version, each in baselines.items()})
    measured = judge_windows(totals, baselines, bounds, drift_threshold=rule.drift_threshold)
    windows = sorted([*kept, *measured], key=lambda window: (window.start, window.model_version))
    if not windows and (reason := nothing_delivered(features, name, context)):
        return Monitoring((), nothing, (), bounds, grain, reason)
    tables = write_measures(spark, context, monitored=table, model=model, grain=grain, windows=windows)
    record_measures(spark, predictions=table, features=name, columns=columns, tables=tables, started=started)
    advice = advise(windows, latest=rule.windows, violations=rule.violations, grain=grain)
    starts = tuple(sorted({window.start for window in measured}))
    return Monitoring(tuple(windows), advice, tables, bounds, grain, measured=starts, digests=digests)


def _digests(log: DataFrame, features: DataFrame, columns: Columns) -> dict[str, str]:
    """Return a digest of the predictions and outcomes of each scored window; empty if a row has no window."""
    from pyspark.sql import functions as F

    window, made = F.to_date(columns.window), ("score", "model_version", "scored_at")
    predictions = window_digests(log.select(*columns.keys, columns.window, *made), window)
    if not predictions or NO_WINDOW in predictions:
        return {}
    scored = in_windows(window, [date.fromisoformat(name) for name in predictions])
    known = features.select(*columns.keys, columns.label, columns.window).where(scored)
    outcomes = window_digests(known, window)
    return {name: f"{digest}, {outcomes.get(name, '')}" for name, digest in predictions.items()}


def _kept(then: Monitoring | None, digests: Mapping[str, str]) -> list[WindowPerformance]:
    """Return the measures of the last monitoring that are still true."""
    if then is None:
        return []
    changed = changed_windows(digests, then.digests)
    same = set(digests) - set(changed)
    return [window for window in then.windows if window.start.isoformat() in same]


def _versions(scored: DataFrame) -> list[str]:
    return sorted(row["model_version"] for row in scored.select("model_version").distinct().collect())


def read_baselines(model: str, versions: Sequence[str]) -> dict[str, ScoreHistogram]:
    """Return the histogram of each model version's scores on its test windows, from the version's tags.

    Raises:
        MissingHistogramError: A version has no such tag.
    """
    from mlflow import MlflowClient

    client = MlflowClient()
    tags = {version: client.get_model_version(model, version).tags for version in versions}
    without = [version for version in versions if HISTOGRAM not in tags[version]]
    if without:
        raise MissingHistogramError(
            f"monitoring: version {', '.join(without)} of {model} has no tag `{HISTOGRAM}`",
            detail="drift is measured against the scores of a version on its test windows",
            location=model,
            fix="register models with `train`, which writes the tag, and score these windows again",
        )
    return {version: ScoreHistogram.from_json(tag[HISTOGRAM]) for version, tag in tags.items()}
