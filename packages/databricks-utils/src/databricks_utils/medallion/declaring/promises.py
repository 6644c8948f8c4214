"""What a contract promises of a table, so that a table that is made otherwise is refused, and described as in the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.catalog.commits import committing
from databricks_utils.medallion.declaring.protection import Protection
from databricks_utils.medallion.errors import ColumnTypeError
from databricks_utils.quoting import literal, quote_part

if TYPE_CHECKING:
    from pyspark.sql import Column, SparkSession
    from pyspark.sql.types import StructField, StructType


@dataclass(frozen=True)
class Promises:
    """What a contract promises of a table.

    Attributes:
        contract: The contract with its version, e.g. `airports 1.0.0`.
        comment: What one row stands for.
        types: Column → its type, as `DataType.simpleString` of pyspark writes it.
        comments: Column → its comment; empty if it has none.
        places: Rule or check → `file:line` of the contract.
        protection: Its column masks and its row filter.
    """

    contract: str
    comment: str
    types: Mapping[str, str]
    comments: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    protection: Protection = field(default_factory=Protection)

    def check(self, made: StructType, *, table: str, function: object) -> None:
        """Check that a function makes the promised columns in their types; further columns are its own.

        Args:
            made: The columns that it makes.
            table: The table, for the error.
            function: The function, for the error.

        Raises:
            ColumnTypeError: A column is missing or has another type; the error names all of them.
        """
        there = {field.name: field.dataType.simpleString() for field in made.fields}
        wrong = [
            f"{name}: {there.get(name, 'missing')}, promised is {kind}"
            for name, kind in self.types.items()
            if there.get(name) != kind
        ]
        if wrong:
            module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", function)
            raise ColumnTypeError(
                f"{table}: the code makes {len(wrong)} column{'s' if len(wrong) > 1 else ''} otherwise than {self.contract} promises",
                detail="\n".join(wrong),
                location=f"{module}.{name}",
                fix="cast the columns to the promised types, or change the contract and its version",
            )

    def describe(self, columns: StructType) -> StructType:
        """Return columns with the comments of the contract."""
        from pyspark.sql import types as T

        return T.StructType(
            [
                T.StructField(field.name, field.dataType, field.nullable, {"comment": comment})
                if (comment := self.comments.get(field.name))
                else field
                for field in columns.fields
            ]
        )

    def described(self, names: Sequence[str]) -> list[Column]:
        """Return columns that carry the comments of the contract into the table that they are written to.

        Args:
            names: The columns of some rows.
        """
        from pyspark.sql import functions as F

        columns = {name: F.col(quote_part(name)) for name in names}
        return [
            column.alias(name, metadata={"comment": comment})
            if (comment := self.comments.get(name))
            else column
            for name, column in columns.items()
        ]

    def describe_again(self, spark: SparkSession, table: str, there: Sequence[StructField]) -> None:
        """Give the columns of an existing table the comments of the contract that they lack, or that have changed.

        Args:
            spark: A session that may change the table.
            table: Its full name.
            there: Its columns.
        """
        for column in there:
            comment = self.comments.get(column.name)
            if comment and column.metadata.get("comment") != comment:
                with committing(table):
                    spark.sql(
                        f"ALTER TABLE {table} ALTER COLUMN {quote_part(column.name)} COMMENT {literal(comment)}"
                    )
