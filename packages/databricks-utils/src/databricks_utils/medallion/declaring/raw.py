"""Read raw text columns. A missing value becomes NULL; an unreadable one becomes NULL too, and fails the column's rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from databricks_utils.medallion.declaring.text_values import TextType, present
from databricks_utils.plain_names import rule_stems
from databricks_utils.quality import Rule
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql import Column

_TEXT, _WHOLE, _DECIMAL = TextType("STRING"), TextType("INT"), TextType("DOUBLE")
_DATE, _TIMESTAMP = TextType("DATE"), TextType("TIMESTAMP")
_RULE = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Raw:
    """Reads the raw text of a source without a contract.

    Attributes:
        missing: Texts that mean a missing value; blank text always does.

    Example:
        >>> Raw(missing=("NA",)).present("tailnum")
        "CASE WHEN trim(`tailnum`) IN ('', 'NA') THEN NULL ELSE trim(`tailnum`) END"
    """

    missing: tuple[str, ...] = ()

    def present(self, column: str) -> str:
        """Return SQL for the trimmed text of a raw column; it is NULL if the value is missing."""
        return present(quote_part(column), self.missing)

    def text(self, column: str) -> Column:
        """Return the text of a raw column."""
        return self._read(column, _TEXT)

    def whole(self, column: str) -> Column:
        """Return the whole number in a raw column as int."""
        return self._read(column, _WHOLE)

    def decimal(self, column: str) -> Column:
        """Return the number in a raw column as double."""
        return self._read(column, _DECIMAL)

    def date(self, column: str) -> Column:
        """Return the ISO date in a raw column."""
        return self._read(column, _DATE)

    def timestamp(self, column: str) -> Column:
        """Return the ISO timestamp in a raw column; without a time zone it is in the session's time zone."""
        return self._read(column, _TIMESTAMP)

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
        kinds = ((whole, _WHOLE), (decimal, _DECIMAL), (date, _DATE), (timestamp, _TIMESTAMP))
        given = [(column, kind) for columns, kind in kinds for column in columns]
        stems = readable_stems([column for column, _ in given])
        return tuple(
            readable_rule(
                column, self.present(column), kind.value(self.present(column)), kind, stem=stems[column]
            )
            for column, kind in given
        )

    def _read(self, column: str, kind: TextType) -> Column:
        from pyspark.sql import functions as F

        return F.expr(kind.value(self.present(column)))


def readable_stems(columns: Sequence[str]) -> dict[str, str]:
    """Return the beginning of the rule's name for each column; a name that a rule can have stays as it is.

    Args:
        columns: The columns of a source.
    """
    stems = rule_stems([(column,) for column in dict.fromkeys(columns)])
    return {column: column if _RULE.fullmatch(column) else stem for (column,), stem in stems.items()}


def readable_rule(  # noqa: PLR0913 - one rule of one column
    column: str, text: str, value: str, kind: TextType, *, stem: str, masked: bool = False
) -> Rule:
    """Return the rule that a delivered value is missing, or a text of its type.

    Args:
        column: The column.
        text: SQL for its text, NULL if it is missing.
        value: SQL for its value, NULL if the text is unreadable.
        kind: The type.
        stem: The beginning of its name; see `readable_stems`.
        masked: Whether the text is not recorded with a failure.
    """
    return Rule(
        f"{stem}_is_{kind.noun}",
        f"{text} IS NULL OR {value} IS NOT NULL",
        f"{column} is neither missing nor {kind.noun.replace('_', ' ')}",
        value=text,
        masked=masked,
    )
