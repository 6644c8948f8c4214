"""The types that Spark finds in JSON, against those of a contract: JSON has one kind of number, and no dates."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.contracts.data_files.typed_text import NESTED
from databricks_utils.contracts.types.literals import EXACT, FLOATING, MOMENTS, TEXTS
from databricks_utils.contracts.types.spark_types import WHOLE, Field, SparkType
from databricks_utils.quoting import quote_part

if TYPE_CHECKING:
    from pyspark.sql.types import StructType


def misfit(wanted: SparkType, found: SparkType, sql: str, *, depth: int = 0) -> str:
    """Return the SQL condition that a value does not fit a contract's type; empty if each of the found type does.

    Spark finds text where a key is always null, and in arrays without items: then no value breaks the promise.

    Args:
        wanted: The type of the contract.
        found: The type that Spark finds in the file.
        sql: The value, as SQL of the found type.
        depth: How many arrays are around it.

    Examples:
        >>> misfit(SparkType("int"), SparkType("string"), "`n`")
        '`n` IS NOT NULL'
        >>> misfit(SparkType("array", inner=(SparkType("int"),)), SparkType("array", inner=(SparkType("string"),)), "`n`")
        'exists(`n`, x0 -> x0 IS NOT NULL)'
    """
    if fits(wanted, found):
        return ""
    if wanted.name == found.name == "array":
        inner = misfit(wanted.inner[0], found.inner[0], f"x{depth}", depth=depth + 1)
        return f"exists({sql}, x{depth} -> {inner})"
    if found.name == "struct" and wanted.name in {"struct", "map"}:
        there = {field.name.lower(): field.type for field in wanted.fields}
        parts = (
            misfit(kind, field.type, f"{sql}.{quote_part(field.name)}", depth=depth)
            for field in found.fields
            if (kind := wanted.inner[1] if wanted.name == "map" else there.get(field.name.lower()))
        )
        return f"({' OR '.join(f'coalesce({part}, false)' for part in parts if part)})"
    return f"{sql} IS NOT NULL"


def fits(wanted: SparkType, found: SparkType) -> bool:
    """Return whether a value of JSON can be one of a contract's type.

    Args:
        wanted: The type of the contract.
        found: The type that Spark finds in the file; of a key that is always null it is text.

    Examples:
        >>> fits(SparkType("date"), SparkType("string")), fits(SparkType("string"), SparkType("bigint"))
        (True, False)
        >>> fits(SparkType("int"), SparkType("double")), fits(SparkType("float"), SparkType("bigint"))
        (False, True)
    """
    if wanted.name == "variant":
        return True
    if found.name in {"struct", "array"} or wanted.name in {"struct", "array", "map"}:
        return _nested_fits(wanted, found)
    if found.name == "string":
        return wanted.name in TEXTS | MOMENTS | {"binary"}
    if found.name in WHOLE or (found.name == "decimal" and not found.sizes[1]):
        return wanted.name in EXACT | FLOATING
    if found.name in FLOATING | {"decimal"}:
        return wanted.name in FLOATING | {"decimal"}
    return wanted.name == found.name


def _nested_fits(wanted: SparkType, found: SparkType) -> bool:
    if wanted.name == "map" and found.name == "struct":  # JSON has no other map
        return all(fits(wanted.inner[1], field.type) for field in found.fields)
    if wanted.name != found.name:
        return False
    if wanted.name == "array":
        return fits(wanted.inner[0], found.inner[0])
    there = {field.name.lower(): field.type for field in found.fields}
    return all(
        fits(field.type, there[field.name.lower()]) for field in wanted.fields if field.name.lower() in there
    )


def text_schema(columns: Sequence[Field]) -> "StructType":
    """Return the schema that reads the columns of a contract from JSON: single values as their text, so that none is lost.

    Args:
        columns: The columns.
    """
    from pyspark.sql import types as T

    return T.StructType(
        [
            T.StructField(
                column.name, column.type.to_pyspark() if column.type.name in NESTED else T.StringType()
            )
            for column in columns
        ]
    )
