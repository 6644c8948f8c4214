"""Check the results of the whole walk, on a laptop and in a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.errors import VerificationError
from databricks_utils.mlops.predictions.queries import Coverage, measure_coverage
from databricks_utils.mlops.registry import CHAMPION, ModelRegistry
from databricks_utils.mlops.runs.tracking import use_tracking

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Verification:
    """The result of a verification.

    Attributes:
        champion_version: The champion's version.
        scored: Number of rows of `periods.score`; each has a prediction.
    """

    champion_version: str
    scored: int

    def __str__(self) -> str:
        return (
            f"each of {self.scored:,} rows has a prediction; version {self.champion_version} is the champion"
        )


def verify(spark: SparkSession, context: Context, problem: BinaryClassification) -> Verification:
    """Check that a champion exists, that each row to score has a prediction, and that the predictions are monitored.

    Raises:
        MissingModelError: There is no champion.
        VerificationError: A row has no prediction, or the same prediction twice, or the predictions were not monitored.
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
    """Raise if a row has no prediction, or one prediction twice."""
    label = problem.settings.periods.grain.label
    wrong = [window for window in coverage if window.missing or window.repeated]
    if wrong:
        raise VerificationError(
            "verification: the predictions do not fit the rows of the feature table",
            detail="\n".join(
                f"{label(window.start)}: {window.rows:,} rows; {window.missing:,} without a prediction, "
                f"{window.repeated:,} with the same prediction twice"
                for window in wrong
            ),
            location=table,
            fix=f"run the job `batch_scoring`: it predicts each row of {features} that has no prediction",
        )
