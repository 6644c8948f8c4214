"""A table in which a step records what it did: its declared columns, and rows whose moments are numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from databricks_utils.catalog.tables import ensure_table

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession


@dataclass(frozen=True)
class RecordTable:
    """The declaration of a table. Its timestamps are microseconds since 1970 in Python: exact, whatever the session's time zone.

    Attributes:
        columns: Name → SQL type (`string`, `bigint`, `double`, `timestamp` or `map<string,string>`) and comment.
        comment: The table's comment: what one row stands for.
    """

    columns: Mapping[str, tuple[str, str]]
    comment: str

    @property
    def moments(self) -> tuple[str, ...]:
        """The columns with timestamps."""
        return tuple(name for name, (kind, _) in self.columns.items() if kind == "timestamp")

    def ensure(self, spark: SparkSession, name: str) -> bool:
        """Create the table if it does not exist; add the columns that an existing one lacks.

        Args:
            spark: A session that may create and change it.
            name: Its three-part name.

        Returns:
            Whether the table did not exist; see `ensure_table`.
        """
        from pyspark.sql import types as T

        kinds = {
            "string": T.StringType(),
            "bigint": T.LongType(),
            "double": T.DoubleType(),
            "timestamp": T.TimestampType(),
            "map<string,string>": T.MapType(T.StringType(), T.StringType()),
        }
        fields = [
            T.StructField(column, kinds[kind], metadata={"comment": comment})
            for column, (kind, comment) in self.columns.items()
        ]
        return ensure_table(spark, name, T.StructType(fields), comment=self.comment)

    def rows(self, spark: SparkSession, values: Sequence[tuple[Any, ...]]) -> DataFrame:
        """Return rows to write.

        Args:
            spark: A session.
            values: One tuple for each row, in the order of the columns; moments in microseconds since 1970.
        """
        from pyspark.sql import functions as F

        plain = ", ".join(
            f"{column} {'bigint' if column in self.moments else kind}"
            for column, (kind, _) in self.columns.items()
        )
        frame = spark.createDataFrame(list(values), plain)
        return frame.withColumns({column: F.timestamp_micros(column) for column in self.moments})

    def selected(self) -> list[Column]:
        """Return the columns to read; moments in microseconds since 1970."""
        from pyspark.sql import functions as F

        return [
            F.unix_micros(column).alias(column) if column in self.moments else F.col(column)
            for column in self.columns
        ]
