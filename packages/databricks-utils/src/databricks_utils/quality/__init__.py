"""Data quality of rows: check every row once, write once, and read valid and quarantined rows from the same table."""

from databricks_utils.quality.annotation import AnyRule, annotate, check_columns, summary
from databricks_utils.quality.counting import RuleCount, assert_limits, counts
from databricks_utils.quality.errors import (
    DuplicateRuleError,
    LimitExceededError,
    MissingTableError,
    QualityError,
    QuarantineShareError,
    RuleDeclarationError,
    RuleNameError,
    RuleRefusedError,
)
from databricks_utils.quality.failure_columns import FAILURES, VALID, failures_type
from databricks_utils.quality.limits import Limit
from databricks_utils.quality.quarantine_limit import assert_quarantine_share, quarantine_limit
from databricks_utils.quality.rules import Rule, Severity
from databricks_utils.quality.separation import Split, split
from databricks_utils.quality.several_rows.group import Group
from databricks_utils.quality.several_rows.reference import Reference
from databricks_utils.quality.several_rows.unique import Unique

__all__ = [
    "FAILURES",
    "VALID",
    "AnyRule",
    "DuplicateRuleError",
    "Group",
    "Limit",
    "LimitExceededError",
    "MissingTableError",
    "QualityError",
    "QuarantineShareError",
    "Reference",
    "Rule",
    "RuleCount",
    "RuleDeclarationError",
    "RuleNameError",
    "RuleRefusedError",
    "Severity",
    "Split",
    "Unique",
    "annotate",
    "assert_limits",
    "assert_quarantine_share",
    "check_columns",
    "counts",
    "failures_type",
    "quarantine_limit",
    "split",
    "summary",
]
