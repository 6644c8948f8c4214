"""The trend of a rule: its last runs, and whether the newest is outside of what the earlier ones were."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

FEWEST_EARLIER_RUNS = 5
# The median of the absolute deviations, times this, estimates the standard deviation of normal values; three of them are the strictest of
# the thresholds in use. Source: Leys et al., Detecting outliers, Journal of Experimental Social Psychology 49 (2013) 764-766.
_DEVIATIONS, _SCALE = 3, 1.4826
_LEAST_SHARE, _LEAST_PART = 0.001, 0.01


@dataclass(frozen=True)
class Point:
    """One run of a rule.

    Attributes:
        run_id: The run.
        measured_at: When, in UTC.
        number: The share of failed rows, or the measured value of a check; None: there was none.
    """

    run_id: str
    measured_at: datetime
    number: float | None


@dataclass(frozen=True)
class Trend:
    """The last runs of a rule.

    Attributes:
        points: The runs, oldest first; of a run that measured several times, the last measurement. NaN and infinity are no number.
        usual: The least and greatest number that the newest run could have without being unusual; None with fewer than five
            earlier runs.
        is_unusual: Whether the newest run is outside of `usual`.
    """

    points: tuple[Point, ...]
    usual: tuple[float, float] | None
    is_unusual: bool

    def __str__(self) -> str:
        """Return the trend in words."""
        if not self.points:
            return "no runs"
        newest = self.points[-1]
        number = "no value" if newest.number is None else f"{newest.number:.6g}"
        if self.usual is None:
            return f"{number} in run {newest.run_id}; too few earlier runs to compare with"
        low, high = self.usual
        word = "unusual" if self.is_unusual else "usual"
        return f"{number} in run {newest.run_id} is {word}: earlier runs suggest {low:.6g} to {high:.6g}"


def trend_of(points: Sequence[Point], *, is_share: bool) -> Trend:
    """Return the trend of some runs.

    The usual range is the median of the earlier runs, and on both sides three times 1.4826 times the median of their distances from it. One
    or two odd runs do not move it, as they would move a mean. On each side it is at least 0.001 wide for a share (a tenth of a percent of
    the rows), and one percent of the median for a value, since runs that are all equal have no distances.

    Earlier runs without a number, or with NaN or an infinity, are left out. The newest run is unusual if it has none.

    Args:
        points: The runs, oldest first; the last is judged.
        is_share: Whether the numbers are shares of rows.

    Example:
        >>> runs = [Point(str(day), datetime(2026, 1, day), 0.01) for day in range(1, 7)]
        >>> trend_of([*runs, Point("7", datetime(2026, 1, 7), 0.2)], is_share=True).is_unusual
        True
    """
    ordered = tuple(_with_finite_number(point) for point in points)
    earlier = [point.number for point in ordered[:-1] if point.number is not None]
    if len(earlier) < FEWEST_EARLIER_RUNS:
        return Trend(ordered, None, is_unusual=False)
    middle = median(earlier)
    distance = _DEVIATIONS * _SCALE * median(abs(number - middle) for number in earlier)
    width = max(distance, _LEAST_SHARE if is_share else _LEAST_PART * abs(middle))
    newest = ordered[-1].number
    usual = (middle - width, middle + width)
    return Trend(ordered, usual, is_unusual=newest is None or not usual[0] <= newest <= usual[1])


def _with_finite_number(point: Point) -> Point:
    """Return the point, without its number if that has no place in a range: NaN or infinity."""
    return point if point.number is None or math.isfinite(point.number) else replace(point, number=None)
