"""Join each event with the newest feature values that were known at its time.

The join is a union, then `last(struct, ignorenulls)` over a window by key and time. This needs one shuffle and no range join,
and works with classic Spark and Spark Connect.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from databricks_utils.features.errors import JoinColumnError

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_TIME, _KIND, _EVENT, _FEATURE = "__time", "__kind", "__event", "__feature"
_FEATURE_ROW, _EVENT_ROW = 0, 1


def point_in_time_join(  # noqa: PLR0913 - two sides, what joins them, and how old is too old
    events: "DataFrame",
    features: "DataFrame",
    *,
    on: Sequence[str],
    event_time: str,
    feature_time: str,
    max_age: timedelta | None = None,
) -> "DataFrame":
    """Join every event with the newest feature row that was known at its time (`feature_time <= event_time`).

    Args:
        events: One row for each event; columns `on` and `event_time` (timestamp).
        features: Any number of rows for each key; columns `on` and `feature_time` (timestamp): **when the values became
            known**, not the time that they describe. Among rows of the same key and time, the row with the largest values
            is used, so that the result does not depend on the order of rows.
        on: Key columns of both; a NULL key matches no feature.
        event_time: Column of `events`.
        feature_time: Column of `features`; kept in the result, NULL if no feature was known.
        max_age: A feature row that is older than this at the time of the event is ignored; None: no limit.

    Returns:
        Grain and rows of `events`: its columns, then those of `features` that are not in `on`, with their types (NULL if no
        feature was known).

    Raises:
        JoinColumnError: A column is missing, or both sides have a column of the same name that is not a key.

    Source:
        The semantics of `pandas.merge_asof(direction="backward", allow_exact_matches=True)`.
    """
    from pyspark.sql import functions as F

    keys = list(on)
    values = [name for name in features.columns if name not in keys]
    _check_columns(events.columns, features.columns, keys, event_time, feature_time)
    joined = _with_last_feature(
        _packed_events(events, keys, event_time), _packed_features(features, keys, values, feature_time), keys
    )
    fresh = _have_values(keys)
    if max_age is not None:
        age = F.col(_TIME).cast("double") - F.col(f"{_FEATURE}.{feature_time}").cast("double")
        fresh = fresh & (age <= max_age.total_seconds())
    return joined.withColumn(_FEATURE, F.when(fresh, F.col(_FEATURE))).select(
        f"{_EVENT}.*", *(F.col(f"{_FEATURE}.{name}").alias(name) for name in values)
    )


def _have_values(keys: Sequence[str]) -> "Column":
    from pyspark.sql import functions as F

    return reduce(and_, (F.col(key).isNotNull() for key in keys), F.expr("true"))


def _packed_events(events: "DataFrame", keys: Sequence[str], event_time: str) -> "DataFrame":
    """Return keys and time of each event, and all its columns as one struct."""
    from pyspark.sql import functions as F

    return events.select(
        *keys,
        F.col(event_time).alias(_TIME),
        F.struct(*events.columns).alias(_EVENT),
        F.lit(_EVENT_ROW).alias(_KIND),
    )


def _packed_features(
    features: "DataFrame", keys: Sequence[str], values: Sequence[str], feature_time: str
) -> "DataFrame":
    """Return one row for each key and time: the largest values, as one struct."""
    from pyspark.sql import functions as F

    # The time is the first field of the struct, so that the largest struct of one key and time is well defined.
    packed = F.struct(feature_time, *(name for name in values if name != feature_time))
    return (
        features.where(_have_values([*keys, feature_time]))
        .groupBy(*keys, F.col(feature_time).alias(_TIME))
        .agg(F.max(packed).alias(_FEATURE))
        .withColumn(_KIND, F.lit(_FEATURE_ROW))
    )


def _with_last_feature(events: "DataFrame", features: "DataFrame", keys: Sequence[str]) -> "DataFrame":
    """Return the events, each with the last feature row of its keys up to its time; a feature of the same time counts."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    until_now = Window.partitionBy(*keys).orderBy(_TIME, _KIND).rowsBetween(Window.unboundedPreceding, 0)
    last = F.last(_FEATURE, ignorenulls=True).over(until_now)
    both = events.unionByName(features, allowMissingColumns=True).withColumn(_FEATURE, last)
    return both.where(F.col(_KIND) == _EVENT_ROW)


def _check_columns(
    events: Sequence[str], features: Sequence[str], keys: Sequence[str], event_time: str, feature_time: str
) -> None:
    for side, columns, needed in (
        ("events", events, (*keys, event_time)),
        ("features", features, (*keys, feature_time)),
    ):
        missing = [name for name in needed if name not in columns]
        if missing:
            raise JoinColumnError(
                f"point-in-time join: `{side}` has no column {', '.join(f'`{name}`' for name in missing)}",
                detail=f"its columns: {', '.join(columns)}",
                fix="rename or select the columns before the join",
            )
    twice = sorted((set(events) & set(features)) - set(keys))
    if twice:
        raise JoinColumnError(
            f"point-in-time join: both sides have {', '.join(f'`{name}`' for name in twice)}",
            fix="rename it on one side, or drop it from `features`",
        )
