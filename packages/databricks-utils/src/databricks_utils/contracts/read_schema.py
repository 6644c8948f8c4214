"""From the schema of a DataFrame to the types of a contract."""

from typing import TYPE_CHECKING, Any

from databricks_utils.contracts.types.spark_types import ATOMS, Field, NotSparkTypeError, SparkType, parse

if TYPE_CHECKING:
    from pyspark.sql.types import StructType

# Where pyspark keeps the length of a VARCHAR or CHAR, which it reads as a string.
_TEXT_TYPE = "__CHAR_VARCHAR_TYPE_STRING"
_NAMES = {"long": "bigint", "integer": "int", "short": "smallint", "byte": "tinyint"}


def fields_of(schema: "StructType") -> tuple[tuple[Field, ...], tuple[str, ...]]:
    """Return the columns of a schema that a contract can describe, and a line for each of the others.

    Args:
        schema: The schema of a DataFrame, classic or Connect.
    """
    fields: list[Field] = []
    others: list[str] = []
    for item in schema.fields:
        try:
            fields.append(_field(item))
        except NotSparkTypeError as error:
            others.append(f"{item.name}: {error}")
    return tuple(fields), tuple(others)


def _field(item: Any) -> Field:  # noqa: ANN401 - pyspark has no usable types here
    written = item.metadata.get(_TEXT_TYPE)
    kind = _char(written) or _type(item.dataType)
    return Field(item.name, kind, item.nullable, item.metadata.get("comment") or "")


def _char(written: str | None) -> SparkType | None:
    """The type of a VARCHAR or CHAR; inside of other types its length does not count, as Spark judges it when it is written."""
    if not written:
        return None
    try:
        found = parse(written)
    except NotSparkTypeError:  # Spark does not quote the names in it
        return None
    return found if found.name in {"varchar", "char"} else None


def _type(kind: Any) -> SparkType:  # noqa: ANN401 - as above
    name = kind.typeName()
    if name == "struct":
        return SparkType("struct", fields=tuple(_field(item) for item in kind.fields))
    if name == "array":
        return SparkType("array", inner=(_type(kind.elementType),))
    if name == "map":
        return SparkType("map", inner=(_type(kind.keyType), _type(kind.valueType)))
    if name == "decimal":
        return SparkType("decimal", sizes=(kind.precision, kind.scale))
    if name == "string":  # with a collation too, which a contract cannot name
        return SparkType("string")
    name = _NAMES.get(name, name)
    if name not in ATOMS:
        raise NotSparkTypeError(f"a contract has no type for `{kind.simpleString()}`")
    return SparkType(name)
