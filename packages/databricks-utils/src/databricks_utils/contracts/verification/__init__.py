"""Check data against a contract: the columns and types of a table, the rules for its rows, and that its keys are unique."""

from databricks_utils.contracts.verification.landing import verify_landing
from databricks_utils.contracts.verification.promises import Promised, promised
from databricks_utils.contracts.verification.result import Duplicates, Example, RuleFailure, TableResult
from databricks_utils.contracts.verification.tables import verify_table

__all__ = [
    "Duplicates",
    "Example",
    "Promised",
    "RuleFailure",
    "TableResult",
    "promised",
    "verify_landing",
    "verify_table",
]
