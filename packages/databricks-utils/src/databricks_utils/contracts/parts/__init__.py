"""A contract's tables as trees: a table has columns, a column its fields, elements, keys and values."""

from databricks_utils.contracts.parts.part import Part, TableParts, tables_of
from databricks_utils.contracts.parts.relations import Reference, Relation, relations_of

__all__ = ["Part", "Reference", "Relation", "TableParts", "relations_of", "tables_of"]
