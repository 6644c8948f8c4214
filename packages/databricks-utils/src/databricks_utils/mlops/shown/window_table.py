"""A result as a table for a notebook: rows with the label of their window of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from databricks_utils.mlops.declaration.grain import Grain

if TYPE_CHECKING:
    import pandas as pd


def window_table(grain: Grain, rows: Iterable[tuple[date, Mapping[str, object]]]) -> pd.DataFrame:
    """Return rows with the label of their window in the column `window`, then their values.

    Args:
        grain: The windows' length.
        rows: The first day of a window, and column → value.
    """
    import pandas as pd

    return pd.DataFrame([{"window": grain.label(start), **values} for start, values in rows])
