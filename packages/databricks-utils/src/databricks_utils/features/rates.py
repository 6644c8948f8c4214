"""Rates with the time since which they are known: the share of positive outcomes among the outcomes known then.

Each function returns the history of a rate. `point_in_time_join` selects from it the value that was known at the time of a
prediction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def rate_history(  # noqa: PLR0913 - what is counted, by what, and the prior
    outcomes: DataFrame,
    *,
    by: Sequence[str],
    outcome: str,
    known_at: str,
    name: str,
    prior: float,
    prior_rows: int,
    rows: str = "",
) -> DataFrame:
    """Return the history of a rate: the share of positive outcomes among all outcomes known at each time.

    With few rows the rate is close to `prior`; it is `(positives + prior * prior_rows) / (rows + prior_rows)`.

    Args:
        outcomes: One row for each outcome; columns `by`, `outcome` (0 or 1) and `known_at` (timestamp: **when the outcome
            became known**).
        by: Key columns.
        outcome: Column of `outcomes`.
        known_at: Column of `outcomes`.
        name: Name of the rate.
        prior: Assumed rate before any outcome is known, 0 to 1.
        prior_rows: Weight of `prior`, as a number of rows, 0 or more.
        rows: Column of `outcomes`, if one row counts several: the number of known outcomes, 1 or more; `outcome` is then that of the
            positive ones. Empty: each row is one outcome. Several rates of the same counts cost one scan of the outcomes.

    Returns:
        Grain and key: `by` and `<name>_known_at` (timestamp, when the rate became known); `name` double, 0 to 1.

    Source: the mean of a beta distribution after `rows` trials, with the prior as `prior_rows` earlier ones.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    until = Window.partitionBy(*by).orderBy(known_at).rowsBetween(Window.unboundedPreceding, 0)
    steps = outcomes.groupBy(*by, known_at).agg(
        F.sum(outcome).alias("_positive"), (F.sum(rows) if rows else F.count("*")).alias("_rows")
    )
    positive, counted = F.sum("_positive").over(until), F.sum("_rows").over(until)
    rate = (positive + F.lit(prior * prior_rows)) / (counted + F.lit(prior_rows))
    return steps.select(*by, F.col(known_at).alias(f"{name}_known_at"), rate.alias(name))


def latest_rate(  # noqa: PLR0913 - what is counted, and by what
    outcomes: DataFrame, *, by: Sequence[str], outcome: str, known_at: str, name: str, rows: str = ""
) -> DataFrame:
    """Return the history of a rate: the share of positive outcomes among those that became known at the same time.

    Args:
        outcomes: One row for each outcome; columns `by`, `outcome` (0 or 1) and `known_at` (timestamp).
        by: Key columns.
        outcome: Column of `outcomes`.
        known_at: Column of `outcomes`.
        name: Name of the rate.
        rows: See `rate_history`.

    Returns:
        Grain and key: `by` and `<name>_known_at` (timestamp); `name` double, 0 to 1.
    """
    from pyspark.sql import functions as F

    known = F.col(known_at).alias(f"{name}_known_at")
    rate = F.sum(outcome) / F.sum(rows) if rows else F.avg(outcome)
    return outcomes.groupBy(*by, known).agg(rate.alias(name))
