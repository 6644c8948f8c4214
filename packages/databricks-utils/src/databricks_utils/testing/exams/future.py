"""Show that features do not depend on the future: change everything that is known later, and compare the features."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    Event = tuple[Any, ...]
    Row = Mapping[str, Any]

_SHIFT = 977  # added to numbers; to times and dates, in days
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Known:
    """An input of a feature function, and when its values become known.

    Attributes:
        rows: The input, at any grain.
        at: SQL expression of a timestamp: when the values of a row become known; NULL if they never become known.
        values: The columns that are known only then. Other columns, such as the schedule of a flight, are known before.
    """

    rows: DataFrame
    at: str
    values: Sequence[str]


def assert_blind_to_the_future(  # noqa: PLR0913 - a function, its inputs, and how to read its result
    build: Callable[..., DataFrame],
    inputs: Mapping[str, Known],
    *,
    keys: Sequence[str],
    event_time: str,
    moments: Sequence[datetime],
    ignore: Collection[str] = (),
) -> None:
    """Assert that no feature of an event depends on a value that becomes known after the event.

    For each moment, the values that become known after it are changed (numbers and times are shifted, text and truth values
    are replaced), and then removed (NULL). Every event up to the moment must keep exactly the same features.

    Args:
        build: The feature function; it gets one DataFrame for each input, by name.
        inputs: The inputs by name.
        keys: Columns that identify an event in the result of `build`.
        event_time: Timestamp column of the result: when the features are used.
        moments: Where to cut, with a time zone; before each there must be events, and after each values.
        ignore: Columns of the result that may change, e.g. the label.

    Raises:
        AssertionError: A feature depends on the future; the message contains the moment, the event, the feature and both
            values. Or a moment shows nothing: no event is before it, or no value becomes known after it.
        ValueError: A moment has no time zone.
    """
    before = _events(build(**{name: known.rows for name, known in inputs.items()}), keys, event_time)
    for moment in moments:
        cut = _microseconds(moment)
        early = {event: row for event, row in before.items() if row[event_time] <= cut}
        assert early, f"no event is before {moment}: choose a later moment"
        assert any(known.rows.where(_is_later(known, cut)).head(1) for known in inputs.values()), (
            f"no value becomes known after {moment}: choose an earlier moment"
        )
        for how, other in (("changed", _other), ("removed", _nothing)):
            perturbed = {name: _perturb(known, cut, other) for name, known in inputs.items()}
            after = _events(build(**perturbed), keys, event_time)
            _compare(early, after, f"after {moment} were {how}", {*keys, *ignore})


def _microseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: write datetime(…, tzinfo=UTC)")
    return round(moment.timestamp() * _MICROSECONDS)


def _events(features: DataFrame, keys: Sequence[str], event_time: str) -> dict[Event, Row]:
    """Return the features of each event; the event time as microseconds since 1970, whatever the session's time zone."""
    from pyspark.sql import functions as F

    rows = features.withColumn(event_time, F.unix_micros(event_time)).collect()
    return {tuple(row[key] for key in keys): row.asDict(recursive=True) for row in rows}


def _is_later(known: Known, cut: int) -> Column:
    from pyspark.sql import functions as F

    return F.coalesce(F.expr(f"unix_micros({known.at})") > F.lit(cut), F.lit(True))  # noqa: FBT003 - a literal of Spark


def _perturb(known: Known, cut: int, other: Callable[[str, str], str]) -> DataFrame:
    """Return the input with other values in all rows that become known after the cut."""
    from pyspark.sql import functions as F

    types = dict(known.rows.dtypes)
    later = known.rows.withColumn("__later", _is_later(known, cut))
    changed = {
        name: F.when(F.col("__later"), F.expr(other(name, types[name]))).otherwise(F.col(name))
        for name in known.values
    }
    return later.withColumns(changed).drop("__later")


def _other(name: str, kind: str) -> str:
    """Return the SQL expression of another value of the same type."""
    if kind == "string":
        return f"concat('not ', coalesce(`{name}`, 'known'))"
    if kind == "boolean":
        return f"NOT coalesce(`{name}`, false)"
    if kind in {"date", "timestamp", "timestamp_ntz"}:
        return f"CAST(coalesce(`{name}`, DATE'2000-01-01') + INTERVAL {_SHIFT} DAYS AS {kind})"
    if kind in {"tinyint", "smallint", "int", "bigint", "float", "double"} or kind.startswith("decimal"):
        return f"CAST(coalesce(`{name}`, 0) + {1 if kind == 'tinyint' else _SHIFT} AS {kind})"
    raise TypeError(
        f"`{name}` is {kind}: only text, truth values, numbers, dates and timestamps can be changed"
    )


def _nothing(_: str, kind: str) -> str:
    return f"CAST(NULL AS {kind})"


def _compare(
    early: Mapping[Event, Row], after: Mapping[Event, Row], what: str, ignore: Collection[str]
) -> None:
    for event, row in early.items():
        assert event in after, f"the values that become known {what}, and event {event} is gone"
        for name, value in row.items():
            other = after[event].get(name)
            # repr, because NaN differs from itself, and 1 equals 1.0.
            assert name in ignore or repr(value) == repr(other), (
                f"the values that become known {what}, and `{name}` of the earlier event {event} changed: {value!r} → {other!r}"
            )
