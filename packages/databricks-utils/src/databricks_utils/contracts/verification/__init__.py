"""Check data against a contract: the columns and types of a table, the rules for its rows, unique keys, the whole table."""

from databricks_utils.contracts.verification.landing import verify_landing
from databricks_utils.contracts.verification.promises import Promised, promised
from databricks_utils.contracts.verification.result import (
    CheckFailure,
    Duplicates,
    Example,
    RuleFailure,
    TableResult,
)
from databricks_utils.contracts.verification.tables import verify_table
from databricks_utils.contracts.verification.whole_tables import Refers

__all__ = [
    "CheckFailure",
    "Duplicates",
    "Example",
    "Promised",
    "Refers",
    "RuleFailure",
    "TableResult",
    "promised",
    "verify_landing",
    "verify_table",
]
