"""Data quality of rows: check every row once, write once, and read valid and quarantined rows from the same table."""

from databricks_utils.quality.annotation import FAILURES, VALID, annotate, failures_type, summary
from databricks_utils.quality.errors import (
    DuplicateRuleError,
    QualityError,
    QuarantineShareError,
    RuleNameError,
)
from databricks_utils.quality.quarantine_limit import assert_quarantine_share, quarantine_limit
from databricks_utils.quality.rules import Rule, Severity
from databricks_utils.quality.separation import Split, split

__all__ = [
    "FAILURES",
    "VALID",
    "DuplicateRuleError",
    "QualityError",
    "QuarantineShareError",
    "Rule",
    "RuleNameError",
    "Severity",
    "Split",
    "annotate",
    "assert_quarantine_share",
    "failures_type",
    "quarantine_limit",
    "split",
    "summary",
]
