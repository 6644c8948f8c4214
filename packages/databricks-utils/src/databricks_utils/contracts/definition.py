"""The definition of a contract's table as SQL; it creates what is not there, and changes or drops nothing."""

from databricks_utils.contracts.table import Table
from databricks_utils.contracts.types.spark_types import Field, SparkType
from databricks_utils.quoting import literal, quote, quote_part

_ODD = set(" ,;{}()\n\t=")
_MAPPING = "'delta.columnMapping.mode' = 'name'"


def create_table(table: Table, name: str) -> str:
    """Return the statement that creates a table if it does not exist: types, NOT NULL, comments, and its key, which informs only.

    Args:
        table: The table.
        name: Where: `catalog.schema.table`.
    """
    lines = [field.sql(column=True) for field in table.columns]
    if table.keys:
        lines.append(f"PRIMARY KEY ({', '.join(map(quote_part, table.keys))})")
    comment = f"\nCOMMENT {literal(table.comment)}" if table.comment else ""
    inner = ",\n".join(f"  {line}" for line in lines)
    mapping = f"\nTBLPROPERTIES ({_MAPPING})" if any(map(_needs_mapping, table.columns)) else ""
    return f"CREATE TABLE IF NOT EXISTS {quote(name)} (\n{inner}\n)\nUSING DELTA{comment}{mapping}"


def _needs_mapping(field: Field) -> bool:
    """Whether Delta has to store the field, or one inside of it, under another name: Parquet lacks these characters."""
    return bool(_ODD & set(field.name)) or any(map(_needs_mapping, _inside(field.type)))


def _inside(kind: SparkType) -> list[Field]:
    return [*kind.fields, *(field for part in kind.inner for field in _inside(part))]
