"""The rows of a period that judge models, for each model with the features and types that it was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.declaration.settings import Period
from databricks_utils.mlops.errors import MissingFeaturesError
from databricks_utils.mlops.gate.models import Holdout, ModelReference
from databricks_utils.mlops.inputs.change import FeatureChange
from databricks_utils.mlops.inputs.feature_table import FeatureTable
from databricks_utils.mlops.inputs.sample import (
    Sample,
    counts_of,
    digests_of_known,
    read_samples,
    rows_with_outcome,
)
from databricks_utils.mlops.registry import RegisteredModel
from databricks_utils.spark_failures import spark_failures

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from pyspark.sql import Column, DataFrame, SparkSession


@dataclass(frozen=True)
class HoldoutPeriods:
    """The periods of an evaluation in one version of the feature table; their rows are counted and read together.

    Attributes:
        spark: A session that may read the feature table.
        table: The feature table; the same version for all periods.
        problem: The declaration of the model.
        periods: The windows of each period.
    """

    spark: SparkSession
    table: FeatureTable
    problem: BinaryClassification
    periods: tuple[Period, ...]

    def rows(self) -> tuple[HoldoutRows, ...]:
        """Return the rows of each period."""
        return tuple(HoldoutRows(self, place) for place in range(len(self.periods)))

    @cached_property
    def digests(self) -> dict[str, str]:
        """Window → digest of its rows whose outcome is known, in all columns, because an earlier model may need any of them."""
        columns = self.problem.columns
        features = self.table.read(self.spark, columns=(columns.window, columns.label))
        return digests_of_known(features, columns, self.periods)

    @property
    def counts(self) -> list[int]:
        """The number of rows of each period whose outcome is known."""
        return counts_of(self.digests, self.periods)

    @cached_property
    def features(self) -> DataFrame:
        """The feature table, with every declared column."""
        return self.table.read(self.spark, columns=self.problem.columns.of_training)

    @cached_property
    def conditions(self) -> list[Column]:
        """The condition of each period's rows."""
        columns, settings = self.problem.columns, self.problem.settings
        return [
            rows_with_outcome(columns, period, settings, count=count)
            for period, count in zip(self.periods, self.counts, strict=True)
        ]

    @cached_property
    def samples(self) -> list[Sample]:
        """The rows of each period with the declared features."""
        columns = self.problem.columns
        return read_samples(self.features, self.conditions, columns, columns.types)


@dataclass(frozen=True)
class HoldoutRows:
    """The rows of one period whose outcome is known.

    Attributes:
        read: The periods of the evaluation.
        place: Which of them.
    """

    read: HoldoutPeriods
    place: int

    @cached_property
    def holdout(self) -> Holdout:
        """The rows with the declared features."""
        groups = self._declared.groups
        labels = self._declared.labels.tolist()
        return Holdout(self._declared.features, labels, None if groups is None else groups.tolist())

    def features_for(self, model: RegisteredModel) -> pd.DataFrame:
        """Return the rows of the period, in the same order, with the features that a version was trained on.

        If the table no longer has a feature, it is read from the table's version that the model was trained on.

        Raises:
            MissingFeaturesError: A feature is not in that version either, or that version lacks some of the rows or is gone.
        """
        columns, period = self.read.problem.columns, self.read.periods[self.place]
        change = model.change_to(columns.types)
        if change is None:
            return self._declared.features
        wanted = self.read.conditions[self.place]
        rows = self.read.features.where(wanted)
        missing = [name for name in model.inputs if name not in rows.columns]
        if missing:
            rows = self._with_earlier_columns(rows, missing, model, change)
        own = read_samples(rows, [wanted], columns, model.inputs)[0].features
        if len(own) != len(self._declared.features):
            shortage = (
                f"it has {len(own):,} of the {len(self._declared.features):,} rows "
                f"from {period.first} to {period.last}"
            )
            raise _gone(missing, model, change, shortage)
        return own

    def _with_earlier_columns(
        self, rows: DataFrame, missing: list[str], model: RegisteredModel, change: FeatureChange
    ) -> DataFrame:
        """Add the columns that the table no longer has, as they are in the version that the model was trained on."""
        keys = self.read.problem.columns.keys
        failures: tuple[type[Exception], ...] = (MissingFeaturesError, *spark_failures())
        try:
            old = FeatureTable.parse(model.tags["dataset_version"]).read(self.read.spark, columns=missing)
        except failures as error:
            raise _gone(missing, model, change, str(error).splitlines()[0]) from error
        return rows.join(old.select(*keys, *missing), list(keys))

    @property
    def _declared(self) -> Sample:
        return self.read.samples[self.place]


def _gone(
    missing: list[str], model: RegisteredModel, change: FeatureChange, problem: str
) -> MissingFeaturesError:
    names, table = ", ".join(f"`{name}`" for name in missing), model.tags["dataset_version"]
    return MissingFeaturesError(
        f"evaluation: the champion needs {names}, which the feature table no longer has",
        detail=f"{change.summary}\nthe version that it was trained on, {table}, does not help: {problem}",
        location=table,
        fix=f"add {names} to the feature table again, and remove it only after a model without it is champion",
    )


@dataclass(frozen=True)
class OnHoldout:
    """A version that scores holdouts with its own features, also if another model has other features.

    Attributes:
        model: The version.
        rows: The rows of each holdout that it may be asked to score.
    """

    model: RegisteredModel
    rows: tuple[HoldoutRows, ...]

    @property
    def reference(self) -> ModelReference:
        """The version's name and number."""
        return self.model.reference

    def score(self, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the probability of the positive class, one for each row of the holdout with this frame."""
        rows = next(rows for rows in self.rows if rows.holdout.frame is frame)
        return self.model.score(rows.features_for(self.model))
