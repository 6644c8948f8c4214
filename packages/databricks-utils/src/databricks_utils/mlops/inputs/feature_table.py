"""One version of a feature table; later writes do not change the rows that are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.catalog.history import table_version
from databricks_utils.mlops.errors import MissingFeaturesError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class FeatureTable:
    """A table and one of its Delta versions.

    Attributes:
        name: Its three-part name.
        version: The version that is read.

    Example:
        >>> FeatureTable.parse("dev_analytics.flights_features.flights@v3")
        FeatureTable(name='dev_analytics.flights_features.flights', version=3)
    """

    name: str
    version: int

    @classmethod
    def newest(cls, spark: SparkSession, name: str) -> FeatureTable:
        """Return the newest version of a table."""
        return cls(name, table_version(spark, name))

    @classmethod
    def parse(cls, dataset_version: str) -> FeatureTable:
        """Return the table and version in the tag `dataset_version` of a run.

        Raises:
            ValueError: The text is not `<table>@v<number>`.
        """
        name, _, version = dataset_version.rpartition("@v")
        return cls(name, int(version))

    @property
    def dataset_version(self) -> str:
        """Name and version in one text, for the tag of a run."""
        return f"{self.name}@v{self.version}"

    def read(self, spark: SparkSession, *, columns: Iterable[str] = ()) -> DataFrame:
        """Return this version's rows.

        Args:
            spark: A session that may read the table.
            columns: Required columns.

        Raises:
            MissingFeaturesError: The table lacks one of `columns`.
        """
        rows = spark.read.option("versionAsOf", self.version).table(self.name)
        missing = sorted(set(columns) - set(rows.columns))
        if missing:
            raise MissingFeaturesError(
                f"features: {self.name} has no column {', '.join(f'`{name}`' for name in missing)}",
                detail=f"version {self.version} has: {', '.join(rows.columns)}",
                location=self.name,
                fix="build the feature table again, or remove the column from the model's columns",
            )
        return rows
