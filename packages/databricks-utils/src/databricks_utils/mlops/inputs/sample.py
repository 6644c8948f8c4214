"""A sample of the rows of the feature table with a known outcome, as pandas frames; the same sample each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.settings import ModelSettings, Period
from databricks_utils.mlops.errors import SampleError
from databricks_utils.window_digests import rows_in, window_digests

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import Column, DataFrame

_BUCKETS = 10_000
_PLACE, _LABEL, _GROUP = "__place", "__label", "__group"
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


def digests_of_known(features: DataFrame, columns: Columns, periods: Sequence[Period]) -> dict[str, str]:
    """Return the digest of the rows with a known outcome in each window of some periods, in one query; see `window_digests`."""
    from pyspark.sql import functions as F

    known = features.where(reduce(or_, (_known(columns, period) for period in periods)))
    return window_digests(known, F.to_date(columns.window))


def counts_of(digests: Mapping[str, str], periods: Sequence[Period]) -> list[int]:
    """Return the number of rows in each period.

    Args:
        digests: Window → the digest of its rows.
        periods: The windows.
    """
    windows = {date.fromisoformat(window): rows_in(digest) for window, digest in digests.items()}
    return [
        sum(rows for window, rows in windows.items() if period.first <= window <= period.last)
        for period in periods
    ]


def rows_with_outcome(columns: Columns, period: Period, settings: ModelSettings, *, count: int) -> Column:
    """Return the condition that a row is in a period and its outcome is known, or in a sample of these rows.

    Args:
        columns: The columns of the feature table.
        period: The windows.
        settings: Of more than `sample_rows`, a sample of about this size is taken. The hash of a row's key selects it, so that the
            sample is the same each time.
        count: The number of such rows; see `counts_of`.

    Raises:
        SampleError: There are no such rows, or a sample has more than `sample_values` values.
    """
    from pyspark.sql import functions as F

    if count == 0:
        raise SampleError(
            f"features: there are no rows with a known outcome from {period.first} to {period.last}",
            fix=f"check `periods` in the configuration, and `{columns.window}` and `{columns.label}` in the table",
        )
    limit = settings.sample_rows
    _check_size(min(count, limit), len(columns.types), period, settings)
    known = _known(columns, period)
    if count <= limit:
        return known
    bucket = F.pmod(F.xxhash64(*columns.keys), F.lit(_BUCKETS))
    return known & (bucket < F.lit(int(_BUCKETS * limit / count)))


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


def read_samples(
    features: DataFrame, wanted: Sequence[Column], columns: Columns, types: Mapping[str, str]
) -> list[Sample]:
    """Read rows into memory in one query, ordered by their keys.

    Args:
        features: A feature table.
        wanted: The condition of each sample's rows, e.g. of `rows_with_outcome`, which bounds them; no row is in two samples.
        columns: The columns of the feature table.
        types: Feature → its type in the model.

    Returns:
        The samples, in the order of their conditions.

    Raises:
        SampleError: A label is neither 0 nor 1.
    """
    from pyspark.sql import functions as F

    label = F.col(columns.label).alias(_LABEL)
    group = F.lit(None) if columns.group is None else F.col(columns.group)
    place = F.coalesce(*(F.when(condition, F.lit(number)) for number, condition in enumerate(wanted)))
    # One partition is sorted without counting its rows first, which is a job of its own.
    rows = features.where(reduce(or_, wanted)).withColumn(_PLACE, place).repartition(1)
    ordered = rows.sortWithinPartitions(_PLACE, *columns.keys)
    read = ordered.select(*as_inputs(types), label, group.cast("string").alias(_GROUP), _PLACE).toPandas()
    places = read.pop(_PLACE)
    return [_sample(read[places == number].reset_index(drop=True), columns) for number in range(len(wanted))]


def _known(columns: Columns, period: Period) -> Column:
    from pyspark.sql import functions as F

    return in_period(columns, period) & F.col(columns.label).isNotNull()


def _sample(frame: pd.DataFrame, columns: Columns) -> Sample:
    labels, groups = frame.pop(_LABEL), frame.pop(_GROUP)
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
