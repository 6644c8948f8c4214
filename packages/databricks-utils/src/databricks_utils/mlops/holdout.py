"""The rows of a period that judge models, for each model with the features and types that it was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from databricks_utils.mlops.declaration.classification import BinaryClassification
from databricks_utils.mlops.declaration.settings import Period
from databricks_utils.mlops.errors import MissingFeaturesError
from databricks_utils.mlops.gate.models import Holdout, ModelReference
from databricks_utils.mlops.inputs.feature_table import FeatureTable
from databricks_utils.mlops.inputs.sample import Sample, labelled_rows, read_sample
from databricks_utils.mlops.registry import RegisteredModel

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class HoldoutRows:
    """The rows of a period whose outcome is known, in one version of the feature table.

    Attributes:
        spark: A session that may read the feature table.
        table: The feature table; the same version for all periods of an evaluation.
        problem: The declaration of the model.
        period: The windows.
    """

    spark: SparkSession
    table: FeatureTable
    problem: BinaryClassification
    period: Period

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
            MissingFeaturesError: A feature is not in that version either, or that version lacks some of the rows.
        """
        columns = self.problem.columns
        change = model.change_to(columns.types)
        if change is None:
            return self._declared.features
        rows = self._rows
        missing = [name for name in model.inputs if name not in rows.columns]
        if missing:
            old = FeatureTable.parse(model.tags["dataset_version"])
            features = old.read(self.spark, columns=missing).select(*columns.keys, *missing)
            rows = rows.join(features, list(columns.keys))
        own = read_sample(rows, columns, model.inputs).features
        if len(own) != len(self._declared.features):
            raise MissingFeaturesError(
                f"evaluation: {change.summary}",
                detail=f"that version of the table has {len(own):,} of the {len(self._declared.features):,} rows "
                f"from {self.period.first} to {self.period.last}",
                location=model.tags["dataset_version"],
                fix=f"add {', '.join(f'`{name}`' for name in missing)} to the feature table again, and remove it only after "
                "a model without it is champion",
            )
        return own

    @cached_property
    def _rows(self) -> DataFrame:
        columns, settings = self.problem.columns, self.problem.settings
        features = self.table.read(self.spark, columns=columns.of_training)
        return labelled_rows(features, columns, self.period, limit=settings.sample_rows)

    @cached_property
    def _declared(self) -> Sample:
        columns = self.problem.columns
        return read_sample(self._rows, columns, columns.types)


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
