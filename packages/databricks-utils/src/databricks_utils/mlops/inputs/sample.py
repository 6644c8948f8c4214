"""A sample of the rows of the feature table with a known outcome, as pandas frames; the same sample each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.settings import ModelSettings, Period
from databricks_utils.mlops.errors import SampleError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import Column, DataFrame

_BUCKETS = 10_000
_LABELS = {"0", "1", "0.0", "1.0", "False", "True"}


@dataclass(frozen=True)
class Sample:
    """Rows for training or evaluation.

    Attributes:
        features: One row for each event, in the columns and types of the model.
        labels: 0 or 1, in the order of `features`.
        groups: The value of `Columns.group`, in the order of `features`; None without such a column.
    """

    features: pd.DataFrame
    labels: pd.Series
    groups: pd.Series | None = None


def in_period(columns: Columns, period: Period) -> Column:
    """Return the condition that a row's window is in a period."""
    from pyspark.sql import functions as F

    return F.col(columns.window).between(period.first, period.last)


def labelled_rows(
    features: DataFrame, columns: Columns, period: Period, settings: ModelSettings
) -> DataFrame:
    """Return the rows of a period with a known outcome, few enough for the driver's memory.

    Args:
        features: A feature table.
        columns: Its columns.
        period: The windows.
        settings: Of more than `sample_rows`, a sample of about this size is taken. The hash of a row's key selects it, so that the
            sample is the same each time.

    Raises:
        SampleError: There are no such rows, or a sample has more than `sample_values` values.
    """
    from pyspark.sql import functions as F

    known = features.where(in_period(columns, period) & F.col(columns.label).isNotNull())
    count = known.count()
    if count == 0:
        raise SampleError(
            f"features: there are no rows with a known outcome from {period.first} to {period.last}",
            fix=f"check `periods` in the configuration, and `{columns.window}` and `{columns.label}` in the table",
        )
    limit = settings.sample_rows
    _check_size(min(count, limit), len(columns.types), period, settings)
    if count <= limit:
        return known
    bucket = F.pmod(F.xxhash64(*columns.keys), F.lit(_BUCKETS))
    return known.where(bucket < F.lit(int(_BUCKETS * limit / count)))


def _check_size(rows: int, features: int, period: Period, settings: ModelSettings) -> None:
    """Raise if a sample does not fit into the driver's memory: scikit-learn learns from all rows at once."""
    if rows * features > settings.sample_values:
        raise SampleError(
            f"features: the sample from {period.first} to {period.last} has {rows:,} rows with {features} features, "
            f"{rows * features:,} values; the limit is {settings.sample_values:,}",
            detail="the sample is read into the driver's memory, where a value takes 8 bytes or more",
            fix=f"set `sample_rows` to {settings.sample_values // features:,} or less, or, with enough memory, `sample_values` "
            "higher",
        )


def read_sample(rows: DataFrame, columns: Columns, types: Mapping[str, str]) -> Sample:
    """Read rows into memory, ordered by their keys.

    Args:
        rows: The result of `labelled_rows`, which bounds their number.
        columns: The columns of the feature table.
        types: Feature → its type in the model.

    Raises:
        SampleError: A label is neither 0 nor 1.
    """
    from pyspark.sql import functions as F

    label = F.col(columns.label).alias("__label")
    group = F.lit(None) if columns.group is None else F.col(columns.group)
    selected = (*as_inputs(types), label, group.cast("string").alias("__group"))
    frame = rows.orderBy(*columns.keys).select(*selected).toPandas()
    labels, groups = frame.pop("__label"), frame.pop("__group")
    others = sorted({str(value) for value in labels.unique()} - _LABELS)
    if others:
        raise SampleError(
            f"features: the label `{columns.label}` is {', '.join(others[:5])} in some rows; it must be 0 or 1",
            fix="write 0, 1, or NULL for an unknown outcome; only binary classification is supported",
        )
    return Sample(frame, labels.astype(int), groups if columns.group else None)


def as_inputs(types: Mapping[str, str]) -> list[Column]:
    """Return a model's features, cast to the model's types, as Spark columns."""
    from pyspark.sql import functions as F

    return [F.col(name).cast(kind).alias(name) for name, kind in types.items()]
