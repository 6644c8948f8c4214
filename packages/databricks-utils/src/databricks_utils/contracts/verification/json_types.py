"""The types that Spark finds in JSON, against those of a contract: JSON has one kind of number, and no dates."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from databricks_utils.contracts.data_files.typed_text import NESTED
from databricks_utils.contracts.types.literals import EXACT, FLOATING, MOMENTS, TEXTS
from databricks_utils.contracts.types.spark_types import WHOLE, Field, SparkType

if TYPE_CHECKING:
    from pyspark.sql.types import StructType


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
