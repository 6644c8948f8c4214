"""The definition of a contract's table as SQL; it creates what is not there, and changes or drops nothing."""

from databricks_utils.contracts.contract import Table
from databricks_utils.quoting import literal, quote, quote_part


def create_table(table: Table, name: str) -> str:
    """Return the statement that creates a table if it does not exist: types, NOT NULL, comments, and its key, which informs only.

    Args:
        table: The table.
        name: Where: `catalog.schema.table`.
    """
    lines = [field.sql(separator=" ") for field in table.columns]
    if table.keys:
        lines.append(f"PRIMARY KEY ({', '.join(map(quote_part, table.keys))})")
    comment = f"\nCOMMENT {literal(table.comment)}" if table.comment else ""
    inner = ",\n".join(f"  {line}" for line in lines)
    return f"CREATE TABLE IF NOT EXISTS {quote(name)} (\n{inner}\n)\nUSING DELTA{comment}"
