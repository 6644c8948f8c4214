"""Draft a contract from a table or from files: facts of a schema, and guesses from the data, which are marked as such."""

from databricks_utils.contracts.drafting.document import Draft, write_yaml
from databricks_utils.contracts.drafting.from_files import draft_from_files
from databricks_utils.contracts.drafting.from_table import ROWS_LOOKED_AT, draft_from_table

__all__ = ["ROWS_LOOKED_AT", "Draft", "draft_from_files", "draft_from_table", "write_yaml"]
