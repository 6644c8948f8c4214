"""Where the tables of a contract are: the names that exports write."""

import re
from collections.abc import Sequence

from databricks_utils.contracts.errors import ContractUseError
from databricks_utils.contracts.parts import TableParts

_MOST_PARTS, _OF_A_SCHEMA = 3, 2


def full_name(table: TableParts, schema: str) -> str:
    """Return the name of a table, with dots between its parts.

    Args:
        table: The table. Its physical name may have a schema: `public.orders`.
        schema: Where it is instead: `catalog.schema`; empty for what its physical name says, or the session's.
    """
    name = table.table.name
    return f"{schema}.{name.rpartition('.')[2]}" if schema else name


def check_names(tables: Sequence[TableParts], schema: str) -> None:
    """Check that each table has a name that a table can have, and that no two have one.

    Args:
        tables: The tables.
        schema: See `full_name`.

    Raises:
        ContractUseError: A name has more than three parts, or two tables have one name.
    """
    if schema.count(".") >= _OF_A_SCHEMA:
        raise ContractUseError(f"`{schema}` is no schema", fix="--schema: write CATALOG.SCHEMA")
    taken: dict[str, str] = {}
    for table in tables:
        name, place = full_name(table, schema), str(table.node.origin)
        if name.count(".") >= _MOST_PARTS:
            fix = "say where it is with --schema CATALOG.SCHEMA: then only the last part of its name counts"
            raise ContractUseError(f"the name `{name}` has more than three parts", location=place, fix=fix)
        if name.lower() in taken:
            summary = f"the tables `{taken[name.lower()]}` and `{table.table.name}` would both be `{name}`"
            fix = "choose one with --table, and where it is with --schema"
            raise ContractUseError(summary, location=place, fix=fix)
        taken[name.lower()] = table.table.name


def is_view(table: TableParts) -> bool:
    """Return whether the contract says that a table is a view: it is made by a query, which the contract does not have."""
    return "view" in re.split("[^a-z]+", (table.given.physicalType or "").lower())
