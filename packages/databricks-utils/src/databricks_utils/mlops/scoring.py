"""Score the windows whose predictions do not fit their rows; scoring a window again replaces its predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import ensure_table, replace_where
from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.grain import Grain
from databricks_utils.mlops.errors import MissingFeaturesError
from databricks_utils.mlops.inputs.change import RETRAIN, FeatureChange
from databricks_utils.mlops.inputs.nothing_delivered import nothing_delivered
from databricks_utils.mlops.inputs.sample import as_inputs, in_period
from databricks_utils.mlops.predictions import (
    ScoredWindow,
    measure_coverage,
    prediction_schema,
    scored_windows,
)
from databricks_utils.mlops.registry import CHALLENGER, CHAMPION, ModelRegistry, RegisteredModel
from databricks_utils.mlops.runs.tracking import use_tracking
from databricks_utils.mlops.shown.plots import score_figure
from databricks_utils.mlops.shown.window_table import window_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Scoring:
    """The result of a batch scoring.

    Attributes:
        prediction_table: The table of the predictions.
        rows: First day of a window → number of rows that this call scored.
        windows: All windows of `periods.score` that have predictions.
        change: The difference to the champion's features; None if there is none, or if no window was pending.
        grain: The windows' length.
        removed: Number of removed predictions, whose rows are no longer in the feature table.
        skipped: Why nothing was scored, if there are no rows at all.
    """

    prediction_table: str
    rows: Mapping[date, int]
    windows: tuple[ScoredWindow, ...]
    change: FeatureChange | None = None
    grain: Grain = Grain.MONTH
    removed: int = 0
    skipped: str = ""

    @property
    def count(self) -> int:
        """Number of rows that this call scored."""
        return sum(self.rows.values())

    def table(self) -> pd.DataFrame:
        """Return one row for each window: rows, mean score, version, and whether this call scored it."""
        return window_table(
            self.grain,
            (
                (
                    window.start,
                    {
                        "rows": window.count,
                        "mean_score": window.mean_score,
                        "model_version": window.model_version,
                        "scored_now": window.start in self.rows,
                    },
                )
                for window in self.windows
            ),
        )

    def figure(self) -> Figure:
        """Return a figure of the distribution of each window's scores."""
        return score_figure({self.grain.label(window.start): window.bins for window in self.windows})

    def __str__(self) -> str:
        """Return the number of scored rows and removed predictions, and the change of the features if there is one."""
        if not self.rows:
            return self.skipped or "nothing to score: every row has a prediction"
        lines = [f"{self.count:,} rows scored in {len(self.rows)} windows"]
        if self.removed:
            lines.append(
                f"{self.removed:,} predictions removed: their rows are no longer in the feature table"
            )
        if self.change:
            lines.append(str(self.change))
        return "\n".join(lines)


def score(
    spark: SparkSession, context: Context, problem: BinaryClassification, *, now: datetime | None = None
) -> Scoring:
    """Score every window of `periods.score` in which a row has no prediction, or a prediction has no row, with the champion.

    One commit replaces all pending windows and no others; after a crash the old predictions remain. The champion scores on
    the driver. For windows with millions of rows,
    `mlflow.pyfunc.spark_udf(spark, f"models:/{name}/{version}", env_manager="local")` scores the same model on the workers.

    Args:
        spark: A session that may write gold.
        context: The environment.
        problem: The declaration of the model.
        now: The time in `scored_at`; by default the current time.

    A feature table without rows is no error: nothing is scored, also without a champion.

    Raises:
        MissingModelError: There is no champion.
        MissingFeaturesError: The feature table lacks a column that the champion was trained on.
    """
    use_tracking(context)
    columns, periods = problem.columns, problem.settings.periods
    features = spark.table(problem.features_in(context))
    table = problem.predictions_in(context)
    schema = prediction_schema(features.schema, columns)
    ensure_table(spark, table, schema, comment=problem.prediction_comment)
    if reason := nothing_delivered(features, problem.features_in(context), context):
        return Scoring(table, {}, (), grain=periods.grain, skipped=reason)
    coverage = measure_coverage(features, spark.table(table), columns, periods.score)
    pending = [window.start for window in coverage if window.is_pending]
    rows: dict[date, int] = {}
    change = None
    if pending:
        registry = ModelRegistry()
        champion = registry.get(problem.model_in(context), CHAMPION)
        change = champion.change_to(columns.types)
        _check_features(features, columns, champion, registry)
        frame = _score_windows(features, pending, columns, champion)
        frame["scored_at"] = now or datetime.now(UTC)
        counted = frame[columns.window].value_counts()
        rows = {window: int(counted[window]) for window in pending}
        replaced = ", ".join(f"DATE'{window}'" for window in pending)
        replace_where(spark.createDataFrame(frame, schema), table, f"{columns.window} IN ({replaced})")
    windows = scored_windows(spark.table(table).where(in_period(columns, periods.score)), columns)
    removed = sum(window.orphaned for window in coverage if window.is_pending)
    return Scoring(table, rows, windows, change, periods.grain, removed)


def _score_windows(
    features: DataFrame, windows: Sequence[date], columns: Columns, champion: RegisteredModel
) -> pd.DataFrame:
    """Score windows with the features that the champion was trained on."""
    from pyspark.sql import functions as F

    asked = features.where(F.col(columns.window).isin(list(windows)))
    renamed = {name: f"__feature_{index}" for index, name in enumerate(champion.inputs)}
    inputs = [
        column.alias(renamed[name])
        for name, column in zip(champion.inputs, as_inputs(champion.inputs), strict=True)
    ]
    frame = asked.select(*columns.described, *inputs).toPandas()
    scored: pd.DataFrame = frame[list(columns.described)].copy()
    model_input = frame[list(renamed.values())].rename(
        columns={alias: name for name, alias in renamed.items()}
    )
    scored["score"] = champion.score(model_input)
    scored["model_name"] = champion.reference.name
    scored["model_version"] = champion.reference.version
    return scored


def _check_features(
    features: DataFrame, columns: Columns, champion: RegisteredModel, registry: ModelRegistry
) -> None:
    """Raise if the feature table lacks a column that the champion was trained on."""
    missing = [name for name in champion.inputs if name not in features.columns]
    if missing:
        change = champion.change_to(columns.types)
        names = ", ".join(f"`{name}`" for name in missing)
        raise MissingFeaturesError(
            f"scoring: the champion needs {names}, which the feature table does not have",
            detail=change.summary if change else "the project declares all of them",
            location=champion.reference.name,
            fix=_way_out(names, columns, registry, champion) if change else "build the feature table again",
        )


def _way_out(names: str, columns: Columns, registry: ModelRegistry, champion: RegisteredModel) -> str:
    """Return the fix: train, unless the gate has already refused a challenger with the declared features."""
    challenger = registry.find(champion.reference.name, CHALLENGER)
    if challenger is None or challenger.verdict != "refused" or challenger.change_to(columns.types):
        return RETRAIN
    return (
        f"the challenger, version {challenger.reference.version}, has the declared features, but the gate refused it; read "
        f"`gate.json` of its run, then either build the feature table with {names} again, or train a better challenger, or "
        "lower `gate.minimum_uplift` in the configuration and run the job `evaluation`"
    )
