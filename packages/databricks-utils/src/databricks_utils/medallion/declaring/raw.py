"""Read raw text columns. A missing value becomes NULL; an unreadable one becomes NULL too, and fails the column's rule.

No expression raises an error in ANSI mode.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.quality import Rule

if TYPE_CHECKING:
    from pyspark.sql import Column


@dataclass(frozen=True)
class Raw:
    """Reads the raw text of a source.

    Attributes:
        missing: Texts that mean a missing value; blank text always does.

    Example:
        >>> Raw(missing=("NA",)).present("tailnum")
        "nullif(nullif(trim(`tailnum`), ''), 'NA')"
    """

    missing: tuple[str, ...] = ()

    def present(self, column: str) -> str:
        """Return SQL for the trimmed text of a raw column; it is NULL if the value is missing."""
        expression = f"nullif(trim(`{column}`), '')"
        for text in self.missing:
            expression = f"nullif({expression}, '{text}')"
        return expression

    def text(self, column: str) -> Column:
        """Return the text of a raw column."""
        return self._read(column, "STRING")

    def whole(self, column: str) -> Column:
        """Return the whole number in a raw column as int."""
        return self._read(column, "INT")

    def decimal(self, column: str) -> Column:
        """Return the number in a raw column as double."""
        return self._read(column, "DOUBLE")

    def date(self, column: str) -> Column:
        """Return the ISO date in a raw column."""
        return self._read(column, "DATE")

    def timestamp(self, column: str) -> Column:
        """Return the ISO timestamp in a raw column; without a time zone it is in the session's time zone."""
        return self._read(column, "TIMESTAMP")

    def rules(
        self,
        *,
        whole: Iterable[str] = (),
        decimal: Iterable[str] = (),
        date: Iterable[str] = (),
        timestamp: Iterable[str] = (),
    ) -> tuple[Rule, ...]:
        """Return one rule for each raw column: its value is missing, or the method of the same name can read it.

        A rule reads the raw text after the entity's function: give the typed column another name than the raw one, else the rule
        sees the typed value. `databricks_utils.testing.assert_rules_notice` finds that.

        Args:
            whole: Columns that `whole` reads.
            decimal: Columns that `decimal` reads.
            date: Columns that `date` reads.
            timestamp: Columns that `timestamp` reads.
        """
        kinds = (
            (whole, "INT", "a_whole_number"),
            (decimal, "DOUBLE", "a_number"),
            (date, "DATE", "a_date"),
            (timestamp, "TIMESTAMP", "a_timestamp"),
        )
        return tuple(
            Rule(
                f"{column}_is_{noun}",
                f"{self.present(column)} IS NULL OR {self._cast(column, kind)} IS NOT NULL",
                f"{column} is neither missing nor {noun.replace('_', ' ')}",
            )
            for columns, kind, noun in kinds
            for column in columns
        )

    def _cast(self, column: str, kind: str) -> str:
        return f"try_cast({self.present(column)} AS {kind})"

    def _read(self, column: str, kind: str) -> Column:
        from pyspark.sql import functions as F

        return F.expr(self._cast(column, kind))
