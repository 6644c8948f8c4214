"""Which windows a person wants to be scored again by today's champion."""

from __future__ import annotations

from datetime import date

from databricks_utils.mlops.declaration.settings import Period, Periods
from databricks_utils.mlops.errors import RescoreError

ALL = "all"


def chosen_periods(text: str, periods: Periods) -> tuple[Period, ...]:
    """Return the windows that a text names, each as a period; none for an empty text.

    Args:
        text: Windows of `periods.score`, separated by commas, as they are shown (`2013-11`) or by their first day; or `all`.
        periods: The model's periods.

    Raises:
        RescoreError: A name is no window of `periods.score`.
    """
    asked = [name.strip() for name in text.split(",") if name.strip()]
    if asked == [ALL]:
        return (periods.score,)
    known = dict[str, date]()
    for window in periods.grain.windows(periods.score.first, periods.score.last):
        known |= {periods.grain.label(window): window, window.isoformat(): window}
    unknown = [name for name in asked if name not in known]
    if unknown:
        label = periods.grain.label
        raise RescoreError(
            f"scoring: `{unknown[0]}` is no window of `periods.score`",
            fix=f"name windows from {label(periods.score.first)} to {label(periods.score.last)}, separated by commas, or `{ALL}`",
        )
    return tuple(Period(first=known[name], last=known[name]) for name in dict.fromkeys(asked))
