"""A sample of the feature table as a pandas frame: months of flights whose outcome is known."""

from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from flights.features.feature_set import BEFORE_DEPARTURE, CATEGORIES, KEYS, LABEL, NUMBERS
from flights.settings import Period


@dataclass(frozen=True)
class FeatureTable:
    """One version of the feature table.

    Attributes:
        name: Its three-part name.
        version: The Delta version that is read, whatever is written meanwhile.
    """

    name: str
    version: int

    @classmethod
    def newest(cls, spark: SparkSession, name: str) -> "FeatureTable":
        """Return the table as it is now."""
        return cls(name, spark.sql(f"DESCRIBE HISTORY {name} LIMIT 1").collect()[0]["version"])

    @property
    def dataset_version(self) -> str:
        """Name and version in one, as runs are tagged with it."""
        return f"{self.name}@v{self.version}"

    def read(self, spark: SparkSession) -> DataFrame:
        """Return this version's rows."""
        return spark.read.option("versionAsOf", self.version).table(self.name)


@dataclass(frozen=True)
class Sample:
    """Rows to train on, or to judge by.

    Attributes:
        features: One row a flight, the columns of the feature set.
        labels: 1 for late, 0 for not.
    """

    features: pd.DataFrame
    labels: pd.Series


def read_sample(features: DataFrame, period: Period, *, rows: int) -> Sample:
    """Take completed flights of some months.

    Args:
        features: The feature table; only columns of the feature set can be taken from it.
        period: The months.
        rows: At most about so many rows; which ones depends on the flights' keys alone.
    """
    names = BEFORE_DEPARTURE.check((*CATEGORIES, *NUMBERS))
    known = features.where(F.col("month").between(period.first, period.last) & F.col(LABEL).isNotNull())
    count = known.count()
    if count > rows:
        bucket = F.pmod(F.xxhash64(*KEYS), F.lit(10_000))
        known = known.where(bucket < F.lit(int(10_000 * rows / count)))
    frame = known.select(*dict.fromkeys((*KEYS, *names, LABEL))).orderBy(*KEYS).toPandas()
    return Sample(as_model_input(frame), frame[LABEL].astype(int))


def as_model_input(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the features in the types of the model's signature: categories as text, numbers as double."""
    kinds = {**dict.fromkeys(CATEGORIES, "object"), **dict.fromkeys(NUMBERS, "float64")}
    return frame[list(kinds)].astype(kinds)
