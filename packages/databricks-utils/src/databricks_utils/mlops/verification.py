"""Check the results of the whole walk, on a laptop and in a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.context import Context
from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.errors import VerificationError
from databricks_utils.mlops.inputs.sample import in_period
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
        VerificationError: Predictions are missing or duplicated, or were not monitored.
    """
    use_tracking(context)
    champion = ModelRegistry().get(problem.model_in(context), CHAMPION)
    inside = in_period(problem.columns, problem.settings.periods.score)
    asked = spark.table(problem.features_in(context)).where(inside).count()
    table = problem.predictions_in(context)
    predictions = spark.table(table).where(inside)
    found, distinct = predictions.count(), predictions.select(*problem.columns.keys).distinct().count()
    if not asked == found == distinct:
        raise VerificationError(
            "verification: not every row has exactly one prediction",
            detail=f"{asked:,} rows to score, {found:,} predictions of {distinct:,} rows",
            location=table,
            fix="run the job `batch_scoring` again",
        )
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
    return Verification(champion.reference.version, asked)
