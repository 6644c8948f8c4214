"""Read the text of a delivered value as a type: SQL that gives the value, or NULL for a text that is none of this type.

A text must be the whole value: Spark's own casts read `2024-01-05 or so` as a date, `12:30` as a moment of today, `1.5f` as a number, drop
an offset from a TIMESTAMP_NTZ, and round `1.239` to two digits. No expression raises an error in ANSI mode.

Source: https://spark.apache.org/docs/latest/sql-ref-ansi-compliance.html, and the functions `stringToDate` and `stringToTimestamp` of
`SparkDateTimeUtils` in Spark 4.2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from databricks_utils.medallion.errors import DeclarationError
from databricks_utils.quoting import literal, quote_part

DELIVERED = "_delivered"  # the struct with the text of each delivered column
_WHOLE = {"TINYINT", "SMALLINT", "INT", "BIGINT"}
_FLOATING = {"FLOAT", "DOUBLE"}
_MOMENTS = {"TIMESTAMP", "TIMESTAMP_NTZ"}
_SIZED = re.compile(r"(DECIMAL|VARCHAR|CHAR)\((\d+)(?:, *(\d+))?\)")
# The letters of a pattern that Spark reads with; it lacks those of weeks (Y, w, e), and those that only write (E, F, Q).
# Source: https://spark.apache.org/docs/latest/sql-ref-datetime-pattern.html
_LETTERS = frozenset("GyMLdDahKkHmsSVzOXxZ")
_QUOTED = re.compile(r"'[^']*'")
_DAY = r"^[+-]?[0-9]{4,7}-[0-9]{1,2}-[0-9]{1,2}"


@dataclass(frozen=True)
class TextType:
    """The type that the text of a column is read as.

    Attributes:
        kind: A SQL type in capital letters: STRING, VARCHAR(n), CHAR(n), BOOLEAN, TINYINT to BIGINT, FLOAT, DOUBLE, DECIMAL(p, s), DATE,
            TIMESTAMP or TIMESTAMP_NTZ.
        pattern: How dates and timestamps are written, as a pattern of Spark, e.g. `dd/MM/yyyy`; empty: as in ISO 8601.

    Raises:
        DeclarationError: A text has no values of this type.

    Example:
        >>> TextType("INT").value("trim(x)")
        'try_cast(trim(x) AS INT)'
        >>> TextType("DATE", "dd/MM/yyyy").noun
        'a_date'
    """

    kind: str
    pattern: str = ""

    def __post_init__(self) -> None:
        if not (
            self._is_plain or self._name in {"DECIMAL", "BOOLEAN", "DATE", *_WHOLE, *_FLOATING, *_MOMENTS}
        ):
            raise DeclarationError(
                f"a file of text has no values of type {self.kind}",
                fix="read it as STRING, and let the function of the entity convert it",
            )
        if self.pattern and (wrong := self._wrong_pattern()):
            raise DeclarationError(
                f"`{self.pattern}` is no pattern of a {self.kind.lower()}: {wrong}",
                fix="write a pattern of Spark, e.g. dd/MM/yyyy or yyyy-MM-dd HH:mm:ss (M: month, m: minute, d: day, D: day of the year)",
            )

    @property
    def noun(self) -> str:
        """What a readable text is, for names of rules; empty if every text is readable."""
        if self._is_plain:
            return ""
        if self._name in _WHOLE:
            return "a_whole_number"
        return {"BOOLEAN": "true_or_false", "DATE": "a_date"}.get(
            self._name, "a_timestamp" if self._name in _MOMENTS else "a_number"
        )

    def value(self, text: str) -> str:
        """Return SQL for the value of a text, NULL if it is unreadable.

        Args:
            text: SQL for the text: trimmed, NULL if the value is missing.
        """
        if self._is_plain:
            return text
        if self.pattern:
            return f"CAST(try_to_timestamp({text}, {literal(self.pattern)}) AS {self.kind})"
        cast = f"try_cast({text} AS {self.kind})"
        if (readable := self._readable()) is None:
            return cast
        return f"CASE WHEN {text} {readable} THEN {cast} END"

    def _readable(self) -> str | None:
        """The condition that Spark's cast lacks; None if it lacks none."""
        if self._name == "DATE":
            return f"RLIKE {literal(_DAY + '$')}"
        if self._name in _MOMENTS:
            time = "[0-9:.]*" if self._name == "TIMESTAMP_NTZ" else ".*"  # the cast drops an offset
            return f"RLIKE {literal(f'{_DAY}([ T]{time})?$')}"
        if self._name in _FLOATING:  # Java's suffixes, and its hexadecimal numbers
            return f"NOT RLIKE {literal('[0-9.][dDfF]$|[xX]')}"
        if self._name == "DECIMAL":
            precision, scale = self._sizes
            whole = precision - scale
            return f"RLIKE {literal(f'^[+-]?0*[0-9]{{0,{whole}}}([.][0-9]{{0,{scale}}}0*)?$')}"
        return None

    def _wrong_pattern(self) -> str:
        """What is wrong with the pattern; empty if nothing is."""
        if self._name not in {"DATE", *_MOMENTS}:
            return "only dates and timestamps have one"
        letters = {char for char in _QUOTED.sub("", self.pattern) if char.isalpha()}
        if unknown := sorted(letters - _LETTERS):
            return f"Spark reads nothing with `{unknown[0]}`"
        if "D" in letters and letters & set("MLd"):
            return "`D` is the day of the year, and there is a month or a day besides it"
        if "y" not in letters or not ("D" in letters or ("d" in letters and letters & set("ML"))):
            return "it has not year, month and day"
        return ""

    @property
    def _name(self) -> str:
        return self.kind.partition("(")[0]

    @property
    def _sizes(self) -> tuple[int, int]:
        found = _SIZED.fullmatch(self.kind)
        return (int(found[2]), int(found[3] or 0)) if found else (10, 0)

    @property
    def _is_plain(self) -> bool:
        return self._name in {"STRING", "VARCHAR", "CHAR"}


def present(text: str, missing: Sequence[str] = (), *, exact: bool = False) -> str:
    """Return SQL for the text without blanks at its ends; NULL if it is blank or stands for a missing value.

    One CASE, since Spark writes out each of nested `nullif` twice: a date with twelve texts took 25 seconds to plan.

    Args:
        text: SQL for the text as delivered.
        missing: Texts that stand for a missing value.
        exact: Whether blanks count, as in JSON, which has a null of its own.

    >>> present("`speed`", ["NA"])
    "CASE WHEN trim(`speed`) IN ('', 'NA') THEN NULL ELSE trim(`speed`) END"
    """
    words = ", ".join(literal(word) for word in dict.fromkeys(missing if exact else ("", *missing)))
    value = text if exact else f"trim({text})"
    return f"CASE WHEN {value} IN ({words}) THEN NULL ELSE {value} END" if words else value


def delivered_text(column: str, missing: tuple[str, ...]) -> str:
    """Return SQL for the text of a delivered column, also behind the function that types it; NULL if its value is missing."""
    return present(f"{DELIVERED}.{quote_part(column)}", missing)
