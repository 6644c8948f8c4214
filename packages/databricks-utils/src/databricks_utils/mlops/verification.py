"""Check the results of the whole walk, on a laptop and in a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.errors import VerificationError
from databricks_utils.mlops.predictions import Coverage, measure_coverage
from databricks_utils.mlops.registry import CHAMPION, ModelRegistry
from databricks_utils.mlops.runs.tracking import use_tracking

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Verification:
    """The result of a verification.

    Attributes:
        champion_version: The champion's version.
        scored: Number of rows of `periods.score`; each has exactly one prediction.
    """

    champion_version: str
    scored: int

    def __str__(self) -> str:
        return f"each of {self.scored:,} rows is scored once; version {self.champion_version} is the champion"


def verify(spark: SparkSession, context: Context, problem: BinaryClassification) -> Verification:
    """Check that a champion exists, that each row to score has one prediction, and that the predictions are monitored.

    Raises:
        MissingModelError: There is no champion.
        VerificationError: A row has no prediction or several, a prediction has no row, or the predictions were not monitored.
    """
    use_tracking(context)
    champion = ModelRegistry().get(problem.model_in(context), CHAMPION)
    features, table = problem.features_in(context), problem.predictions_in(context)
    coverage = measure_coverage(
        spark.table(features), spark.table(table), problem.columns, problem.settings.periods.score
    )
    _check_coverage(coverage, features, table, problem)
    profile = context.table("ops", "profile_metrics")
    if (
        not spark.catalog.tableExists(profile)
        or spark.table(profile).where(f"table_name = '{table}'").isEmpty()
    ):
        raise VerificationError(
            "verification: the predictions were not monitored",
            location=profile,
            fix="run the job `monitoring`",
        )
    return Verification(champion.reference.version, sum(window.rows for window in coverage))


def _check_coverage(
    coverage: Sequence[Coverage], features: str, table: str, problem: BinaryClassification
) -> None:
    """Raise if a row has not exactly one prediction, or if a prediction has no row."""
    label = problem.settings.periods.grain.label
    pending = [window for window in coverage if window.is_pending]
    if pending:
        raise VerificationError(
            "verification: the predictions do not fit the rows of the feature table",
            detail="\n".join(
                f"{label(window.start)}: {window.rows:,} rows; {window.missing:,} without a prediction, "
                f"{window.repeated:,} with several, {window.orphaned:,} predictions without a row"
                for window in pending
            ),
            location=table,
            fix="run the job `batch_scoring` again: it replaces the predictions of these windows",
        )
    left = [window for window in coverage if window.orphaned]
    if left:
        days = ", ".join(f"DATE'{window.start}'" for window in left)
        raise VerificationError(
            f"verification: {sum(window.orphaned for window in left):,} predictions belong to windows without any row in the "
            "feature table",
            detail=f"windows: {', '.join(label(window.start) for window in left)}; scoring does not touch them",
            location=table,
            fix=f"build {features} again with these windows, let `periods.score` begin later, or remove the predictions:\n"
            f"DELETE FROM {table} WHERE {problem.columns.window} IN ({days})",
        )
