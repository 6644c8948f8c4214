"""`dbutils.data.summarize`: statistics of a DataFrame's columns, as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lakewright.runner.inside.dbutils.help_text import WithHelp


class Data(WithHelp):
    """`dbutils.data`.

    Args:
        display: Shows a table.
    """

    def __init__(self, display: Callable[[Any], None]) -> None:
        self._display = display

    def summarize(self, df: Any, precise: bool = False) -> None:  # noqa: FBT001, FBT002 - Databricks' order
        """Show count, mean, deviation, extremes and quartiles of each column; Spark's and pandas' own.

        Args:
            df: A DataFrame of Spark or pandas.
            precise: Databricks counts exactly with it; the figures here always are Spark's or pandas' own.
        """
        del precise
        if callable(getattr(df, "summary", None)):
            self._display(df.summary())
        else:
            self._display(df.describe(include="all"))
