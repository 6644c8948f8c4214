"""Compare predictions with outcomes, window by window, and decide whether a new model is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from databricks_utils.mlops.measures.performance import WindowPerformance, measure_windows
from databricks_utils.mlops.measures.tables import write_measures
from databricks_utils.mlops.predictions.queries import first_predictions
from databricks_utils.mlops.retraining import Advice, advise
from databricks_utils.mlops.runs.record import HISTOGRAM
from databricks_utils.mlops.runs.tracking import use_tracking
from databricks_utils.mlops.shown.plots import monitoring_figure
from databricks_utils.mlops.shown.window_table import window_table
from databricks_utils.steps import StepRegister, run_step

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
    """

    windows: tuple[WindowPerformance, ...]
    advice: Advice
    tables: tuple[str, ...]
    bounds: MonitorBounds
    grain: Grain = Grain.MONTH
    skipped: str = ""
    unchanged: str = ""

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
    """Measure every scored window and write the measures, one commit for each table; a second call replaces them.

    The first prediction of each row is measured, because it is the one that was acted on. What another version predicted later
    knows more than anybody knew then; `evaluate` compares versions. A feature table without rows is no error: nothing is measured.
    If neither rows, predictions, declaration nor configuration have changed since they were measured last, it ends at once.

    The rule for retraining and the threshold of the drift are in the section `monitoring` of the configuration.

    Raises:
        MissingHistogramError: A version that scored has no tag with the scores of its test windows.
    """
    outcome = run_step(
        StepRegister(spark, context),
        monitoring_step(spark, context, problem),
        lambda: _monitor(spark, context, problem),
        Monitoring,
    )
    return replace(outcome.result, unchanged=outcome.unchanged)


def _monitor(spark: SparkSession, context: Context, problem: BinaryClassification) -> Monitoring:
    use_tracking(context)
    columns, rule, bounds = problem.columns, context.config.monitoring, problem.settings.monitor
    grain, model, predictions = (
        problem.settings.periods.grain,
        problem.model_in(context),
        problem.predictions_in(context),
    )
    features = spark.table(problem.features_in(context))
    made = columns_of(spark, predictions) is not None
    scored = _with_outcomes(spark.table(predictions), features, columns) if made else None
    if (scored is None or scored.empty) and (
        reason := nothing_delivered(features, problem.features_in(context), context)
    ):
        nothing = advise((), latest=rule.windows, violations=rule.violations)
        return Monitoring((), nothing, (), bounds, grain, reason)
    if scored is None:  # Spark's error names the table
        scored = _with_outcomes(spark.table(predictions), features, columns)
    baselines = read_baselines(model, sorted(scored["model_version"].unique()))
    windows = measure_windows(scored, baselines, bounds, drift_threshold=rule.drift_threshold)
    tables = write_measures(spark, context, monitored=predictions, model=model, grain=grain, windows=windows)
    advice = advise(windows, latest=rule.windows, violations=rule.violations, grain=grain)
    return Monitoring(tuple(windows), advice, tables, bounds, grain)


def _with_outcomes(log: DataFrame, features: DataFrame, columns: Columns) -> pd.DataFrame:
    """Return the first prediction of each row, with its outcome: `start`, `model_version`, `score`, `label`."""
    from pyspark.sql import functions as F

    labels = features.select(*columns.keys, F.col(columns.label).alias("label"))
    joined = first_predictions(log, columns).join(labels, list(columns.keys), "left")
    start = F.col(columns.window).alias("start")
    read: pd.DataFrame = joined.select(start, "model_version", "score", "label").toPandas()
    return read


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
