"""A sample of the feature table as pandas frames: rows whose outcome is known, the same ones each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.settings import Period
from databricks_utils.mlops.errors import SampleError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import Column, DataFrame

_BUCKETS = 10_000
_LABELS = {"0", "1", "0.0", "1.0", "False", "True"}


@dataclass(frozen=True)
class Sample:
    """Rows to train on, or to judge by.

    Attributes:
        features: One row an event; the columns and types that the model gets.
        labels: 0 or 1, in the order of `features`.
    """

    features: pd.DataFrame
    labels: pd.Series


def in_period(columns: Columns, period: Period) -> Column:
    """Return the condition that a row's window lies in a period."""
    from pyspark.sql import functions as F  # noqa: N812

    return F.col(columns.window).between(period.first, period.last)


def labelled_rows(features: DataFrame, columns: Columns, period: Period, *, limit: int) -> DataFrame:
    """Return the rows of a period whose outcome is known.

    Args:
        features: A feature table.
        columns: Its columns.
        period: The windows.
        limit: Of more rows, a sample of about so many is taken; the hash of a row's key decides, so that the same rows
            are taken each time.

    Raises:
        SampleError: There are none.
    """
    from pyspark.sql import functions as F  # noqa: N812

    known = features.where(in_period(columns, period) & F.col(columns.label).isNotNull())
    count = known.count()
    if count == 0:
        raise SampleError(
            f"features: there are no rows with a known outcome from {period.first} to {period.last}",
            fix=f"look at `periods` in the configuration, and at `{columns.window}` and `{columns.label}` in the table",
        )
    if count <= limit:
        return known
    bucket = F.pmod(F.xxhash64(*columns.keys), F.lit(_BUCKETS))
    return known.where(bucket < F.lit(int(_BUCKETS * limit / count)))


def read_sample(rows: DataFrame, columns: Columns, types: Mapping[str, str]) -> Sample:
    """Read rows into memory, ordered by their keys.

    Args:
        rows: What `labelled_rows` returned.
        columns: Its columns.
        types: Feature → the type in which the model gets it.

    Raises:
        SampleError: A label is neither 0 nor 1.
    """
    from pyspark.sql import functions as F  # noqa: N812

    label = F.col(columns.label).alias("__label")
    frame = rows.orderBy(*columns.keys).select(*as_inputs(types), label).toPandas()
    labels = frame.pop("__label")
    others = sorted({str(value) for value in labels.unique()} - _LABELS)
    if others:
        raise SampleError(
            f"features: the label `{columns.label}` is {', '.join(others[:5])} in some rows; it must be 0 or 1",
            fix="write 0, 1, or NULL where the outcome is not known; other kinds of problem cannot be trained here",
        )
    return Sample(frame, labels.astype(int))


def as_inputs(types: Mapping[str, str]) -> list[Column]:
    """Return the features of a model in its own types, as columns of Spark."""
    from pyspark.sql import functions as F  # noqa: N812

    return [F.col(name).cast(kind).alias(name) for name, kind in types.items()]
