"""The column masks and the row filter that a contract declares of a table, and the statements that set them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from databricks_utils.catalog.tables import columns_of, ensure_table
from databricks_utils.quoting import quote, quote_part

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructType


@dataclass(frozen=True)
class PolicyFunction:
    """A SQL function that a mask or a row filter calls.

    Attributes:
        parts: Its name in one to three parts; those that are missing are the catalog and the schema of the table.
        columns: The columns of the table that it gets; the masked column comes before them.
    """

    parts: tuple[str, ...]
    columns: tuple[str, ...] = ()

    def beside(self, table: Sequence[str]) -> tuple[str, ...]:
        """Return its name with the catalog and the schema of a table where it has none.

        >>> PolicyFunction(("hide",)).beside(("dev", "silver", "people"))
        ('dev', 'silver', 'hide')
        >>> PolicyFunction(("rules", "hide")).beside(("dev", "silver", "people"))
        ('dev', 'rules', 'hide')
        """
        around = tuple(table[:-1])
        return (*around[: max(0, len(around) + 1 - len(self.parts))], *self.parts)


@dataclass(frozen=True)
class Protection:
    """The masks and the row filter of a table.

    Attributes:
        masks: Column → the function of its mask.
        row_filter: The function of its row filter; None without one.
    """

    masks: Mapping[str, PolicyFunction] = field(default_factory=dict)
    row_filter: PolicyFunction | None = None

    def __bool__(self) -> bool:
        """Whether there is a mask or a filter."""
        return bool(self.masks) or self.row_filter is not None

    def statements(self, table: str) -> Iterator[str]:
        """Yield the statements that set them; one that is set already is set again, which changes nothing.

        Args:
            table: The table's name: `catalog.schema.table`, or less for the session's.

        Example:
            >>> print(*Protection({"email": PolicyFunction(("hide",), ("region",))}).statements("dev.silver.people"))
            ALTER TABLE `dev`.`silver`.`people` ALTER COLUMN `email` SET MASK `dev`.`silver`.`hide` USING COLUMNS (`region`)
        """
        for column, mask in self.masks.items():
            yield self._mask(table, column, mask)
        if self.row_filter is not None:
            yield self._filter(table, self.row_filter)

    def set(self, spark: SparkSession, table: str, columns: StructType, *, comment: str) -> None:
        """Give a table those that it lacks. A table that is not there is made first, empty, so that no row is ever without them.

        What the contract does not declare is left as it is: somebody else may have set it.

        Args:
            spark: A session that may create the table, or has MANAGE on it, and EXECUTE on the functions.
            table: Its full name.
            columns: Its columns.
            comment: What one row stands for.
        """
        if columns_of(spark, table) is None:
            ensure_table(spark, table, columns, comment=comment)
        there = _Shown(spark, table)
        masks = there.masks if self.masks else {}
        for column, mask in self.masks.items():
            if masks.get(column.lower()) != _shown(mask, table):
                spark.sql(self._mask(table, column, mask))
        if self.row_filter is not None and there.filters != [_shown(self.row_filter, table)]:
            spark.sql(self._filter(table, self.row_filter))

    def _mask(self, table: str, column: str, mask: PolicyFunction) -> str:
        using = f" USING COLUMNS ({_listed(mask.columns)})" if mask.columns else ""
        return f"ALTER TABLE {quote(table)} ALTER COLUMN {quote_part(column)} SET MASK {_named(mask, table)}{using}"

    def _filter(self, table: str, row_filter: PolicyFunction) -> str:
        return f"ALTER TABLE {quote(table)} SET ROW FILTER {_named(row_filter, table)} ON ({_listed(row_filter.columns)})"


class _Shown:
    """The masks and the row filter that a table has."""

    def __init__(self, spark: SparkSession, table: str) -> None:
        self._spark = spark
        self._catalog, self._schema, self._name = table.split(".")

    @property
    def masks(self) -> dict[str, tuple[str, str]]:
        """Column → the function and its columns."""
        names = "column_name, mask_catalog, mask_schema, mask_name, mask_col_usage"
        return {
            column.lower(): (".".join(function).lower(), usage or "")
            for column, *function, usage in self._rows("column_masks", names)
        }

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The function of the row filter and its columns; none without one."""
        names = "filter_catalog, filter_schema, filter_name, filter_col_usage"
        return [
            (".".join(function).lower(), usage or "") for *function, usage in self._rows("row_filters", names)
        ]

    def _rows(self, relation: str, names: str) -> Sequence[Sequence[str]]:
        from pyspark.sql import functions as F

        rows = self._spark.table(f"{quote_part(self._catalog)}.information_schema.{relation}")
        here = rows.where(F.col("schema_name") == self._schema).where(F.col("table_name") == self._name)
        found: Sequence[Sequence[str]] = here.select(*names.split(", ")).collect()
        return found


def _named(function: PolicyFunction, table: str) -> str:
    return ".".join(map(quote_part, function.beside(table.split("."))))


def _shown(function: PolicyFunction, table: str) -> tuple[str, str]:
    """A function and its columns as `information_schema` shows them."""
    return ".".join(function.beside(table.split("."))).lower(), ",".join(function.columns)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(quote_part, columns))
