"""Add predictions to the log: of rows that have none and, on request, of rows to which the champion now gives another score."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from databricks_utils.catalog.errors import ConcurrentWriteError
from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.grain import Grain
from databricks_utils.mlops.declaration.settings import Period
from databricks_utils.mlops.dependencies import scoring_step
from databricks_utils.mlops.errors import MissingFeaturesError
from databricks_utils.mlops.inputs.change import RETRAIN, FeatureChange
from databricks_utils.mlops.inputs.nothing_delivered import nothing_delivered
from databricks_utils.mlops.inputs.sample import as_inputs, in_period
from databricks_utils.mlops.predictions.log import PredictionLog
from databricks_utils.mlops.predictions.queries import (
    BINS,
    HAD_ONE,
    OWN_SCORE,
    ScoredWindow,
    new_predictions,
    rows_to_score,
    scored_windows,
)
from databricks_utils.mlops.predictions.rescoring import chosen_periods
from databricks_utils.mlops.registry import CHALLENGER, CHAMPION, ModelRegistry, RegisteredModel
from databricks_utils.mlops.runs.tracking import use_tracking
from databricks_utils.mlops.shown.plots import score_figure
from databricks_utils.mlops.shown.window_table import window_table
from databricks_utils.steps import StepRegister, run_step

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Scoring:
    """The result of a batch scoring.

    Attributes:
        prediction_table: The prediction log.
        rows: First day of a window → number of rows that this call scored.
        windows: The latest predictions of all windows of `periods.score`.
        change: The difference to the champion's features; None if there is none, or if nothing was scored.
        grain: The windows' length.
        again: Number of rows among `rows` that had a prediction before.
        model_version: The version that scored them; empty if nothing was scored.
        skipped: Why nothing was scored, if there are no rows at all.
        unchanged: That nothing has changed since the last scoring; empty if rows without a prediction were looked for.
    """

    prediction_table: str
    rows: Mapping[date, int]
    windows: tuple[ScoredWindow, ...]
    change: FeatureChange | None = None
    grain: Grain = Grain.MONTH
    again: int = 0
    model_version: str = ""
    skipped: str = ""
    unchanged: str = ""

    def again_unchanged(self, unchanged: str) -> Scoring:
        """Return the result of the same scoring once more, when every row has a prediction.

        Args:
            unchanged: See the attribute.
        """
        return replace(self, rows={}, change=None, again=0, model_version="", unchanged=unchanged)

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
                        "scored_now": window.start in self.rows
                        and window.model_version == self.model_version,
                    },
                )
                for window in self.windows
            ),
        )

    def figure(self) -> Figure:
        """Return a figure of the distribution of each window's scores."""
        bins: dict[str, tuple[int, ...]] = {}
        for window in self.windows:
            label = self.grain.label(window.start)
            bins[label] = tuple(map(sum, zip(bins.get(label, (0,) * BINS), window.bins, strict=True)))
        return score_figure(bins)

    def __str__(self) -> str:
        """Return the number of scored rows, and the change of the features if there is one; else why nothing was scored."""
        if not self.rows:
            return self.skipped or f"nothing to score: {self.unchanged or 'every row has a prediction'}"
        lines = [f"{self.count:,} rows scored in {len(self.rows)} windows"]
        if self.again:
            lines.append(f"{self.again:,} of them had a prediction before, which stays in the log")
        if self.change:
            lines.append(str(self.change))
        return "\n".join(lines)


def score(
    spark: SparkSession,
    context: Context,
    problem: BinaryClassification,
    *,
    rescore: str = "",
    now: datetime | None = None,
) -> Scoring:
    """Predict each row of `periods.score` that has no prediction, with the champion; add the predictions to the log.

    The log is append-only: a prediction is never changed or deleted. Up to `score_rows` new predictions are added in one commit;
    after a crash the same call adds what is missing, and nothing twice. The champion scores on the driver, `score_rows` at a time,
    so that memory does not grow with the rows, but time does. For many millions of rows,
    `mlflow.pyfunc.spark_udf(spark, f"models:/{name}/{version}", env_manager="local")` scores the same model on the workers.
    If neither rows, champion, log nor configuration have changed since the last scoring, it ends at once. A feature table
    without rows is no error: nothing is scored, also without a champion.

    Args:
        spark: A session that may write gold.
        context: The environment.
        problem: The declaration of the model.
        rescore: Windows in which the champion predicts all rows again, and adds what is new: predictions of rows whose latest one
            is another version's, or the champion's own with another score, because the features have changed since. Windows as
            they are shown, separated by commas, e.g. `2013-11,2013-12`, or `all`; empty: none.
        now: The time in `scored_at`; by default the current time.

    Raises:
        MissingModelError: There is no champion.
        MissingFeaturesError: The feature table lacks a column that the champion was trained on.
        RescoreError: `rescore` names no window of `periods.score`.
        ConcurrentWriteError: Another scoring wrote at the same moment.
    """
    use_tracking(context)
    registry, again = ModelRegistry(), chosen_periods(rescore, problem.settings.periods)
    outcome = run_step(
        StepRegister(spark, context),
        scoring_step(spark, context, problem, registry),
        lambda: _score(spark, context, problem, registry, again=again, now=now),
        Scoring,
        always=bool(again),
    )
    return outcome.result.again_unchanged(outcome.unchanged) if outcome.unchanged else outcome.result


def _score(  # noqa: PLR0913 - where, with what, and which windows
    spark: SparkSession,
    context: Context,
    problem: BinaryClassification,
    registry: ModelRegistry,
    *,
    again: Sequence[Period],
    now: datetime | None,
) -> Scoring:
    columns, periods, name = problem.columns, problem.settings.periods, problem.features_in(context)

    def attempt(log: PredictionLog) -> _Scored:
        features, model = spark.table(name), problem.model_in(context)
        return _score_rows(features, log, problem, registry, model=model, again=again, now=now)

    log = PredictionLog.opened(spark, context, problem)
    try:
        scored = attempt(log)
    except ConcurrentWriteError:
        # Another scoring was first, or rows were deleted: once more, with the number of the log's history.
        log = PredictionLog.opened(spark, context, problem, from_history=True)
        scored = attempt(log)
    if not scored.rows and (reason := nothing_delivered(spark.table(name), name, context)):
        return Scoring(log.table, {}, (), grain=periods.grain, skipped=reason)
    windows = scored_windows(log.latest.where(in_period(columns, periods.score)), columns)
    return Scoring(
        log.table, scored.rows, windows, scored.change, periods.grain, scored.again, scored.version
    )


def _score_rows(  # noqa: PLR0913 - the rows, the log, with what, and which windows
    features: DataFrame,
    log: PredictionLog,
    problem: BinaryClassification,
    registry: ModelRegistry,
    *,
    model: str,
    again: Sequence[Period],
    now: datetime | None,
) -> _Scored:
    """Add the predictions that the log lacks; a champion is needed only if there is something to predict."""
    columns, period = problem.columns, problem.settings.periods.score
    champion = registry.find(model, CHAMPION)
    if champion is None or _lacking(features, champion):
        if rows_to_score(features, log.latest, columns, period, again=again).isEmpty():
            return _Scored()
        champion = registry.get(model, CHAMPION)
        _check_features(features, columns, champion, registry)
    rows = rows_to_score(features, log.latest, columns, period, again=again, by=champion.reference)
    parts = math.ceil(rows.count() / problem.settings.score_rows)
    return _score_in_parts(log, rows, columns, parts=parts, champion=champion, now=now)


def _score_in_parts(  # noqa: PLR0913 - which rows, with what, and into which log
    log: PredictionLog,
    rows: DataFrame,
    columns: Columns,
    *,
    parts: int,
    champion: RegisteredModel,
    now: datetime | None,
) -> _Scored:
    """Score the rows part by part, each in one commit, so that only one part is in the driver's memory."""
    from pyspark.sql import functions as F

    counted, again = Counter[date](), 0
    for part in range(parts):
        # The hash of the key, not the order: a part stays the same while others are added to the log.
        chosen = rows.where(F.pmod(F.xxhash64(*columns.keys), F.lit(parts)) == part)
        frame = new_predictions(_predict(chosen, columns, champion))
        if frame.empty:
            continue
        again += int(frame[HAD_ONE].sum())
        log = log.append(frame.drop(columns=[HAD_ONE, OWN_SCORE]), now=now)
        counted.update(frame[columns.window])
    if not counted:
        return _Scored()
    version = champion.reference.version
    return _Scored(dict(sorted(counted.items())), champion.change_to(columns.types), again, version)


@dataclass(frozen=True)
class _Scored:
    """What was added to the log; see `Scoring`."""

    rows: Mapping[date, int] = field(default_factory=dict)
    change: FeatureChange | None = None
    again: int = 0
    version: str = ""


def _predict(rows: DataFrame, columns: Columns, champion: RegisteredModel) -> pd.DataFrame:
    """Score rows with the features that the champion was trained on."""
    renamed = {name: f"__feature_{index}" for index, name in enumerate(champion.inputs)}
    inputs = [
        column.alias(renamed[name])
        for name, column in zip(champion.inputs, as_inputs(champion.inputs), strict=True)
    ]
    frame = rows.select(*columns.described, HAD_ONE, OWN_SCORE, *inputs).toPandas()
    scored: pd.DataFrame = frame[[*columns.described, HAD_ONE, OWN_SCORE]].copy()
    model_input = frame[list(renamed.values())].rename(
        columns={alias: name for name, alias in renamed.items()}
    )
    scored["score"] = champion.score(model_input) if len(frame) else []
    scored["model_name"] = champion.reference.name
    scored["model_version"] = champion.reference.version
    return scored


def _check_features(
    features: DataFrame, columns: Columns, champion: RegisteredModel, registry: ModelRegistry
) -> None:
    """Raise if the feature table lacks a column that the champion was trained on."""
    if missing := _lacking(features, champion):
        change = champion.change_to(columns.types)
        names = ", ".join(f"`{name}`" for name in missing)
        raise MissingFeaturesError(
            f"scoring: the champion needs {names}, which the feature table does not have",
            detail=change.summary if change else "the project declares all of them",
            location=champion.reference.name,
            fix=_way_out(names, columns, registry, champion) if change else "build the feature table again",
        )


def _lacking(features: DataFrame, champion: RegisteredModel) -> list[str]:
    """Return the columns that the champion was trained on and the feature table does not have."""
    return [name for name in champion.inputs if name not in features.columns]


def _way_out(names: str, columns: Columns, registry: ModelRegistry, champion: RegisteredModel) -> str:
    """Return the fix: train, unless the gate has already refused a challenger with the declared features."""
    challenger = registry.find(champion.reference.name, CHALLENGER)
    if challenger is None or challenger.verdict != "refused" or challenger.change_to(columns.types):
        return (
            f"build the feature table with {names} again: a retired feature stays in the table until a model without it is "
            f"champion; to get one, {RETRAIN}"
        )
    return (
        f"the challenger, version {challenger.reference.version}, has the declared features, but the gate refused it; read "
        f"`gate.json` of its run, then either build the feature table with {names} again, or train a better challenger, or "
        "lower `gate.minimum_uplift` in the configuration and run the job `evaluation`"
    )
