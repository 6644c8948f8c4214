"""Data quality of rows: check every row once, write once, and read valid and quarantined rows from the same table."""

from databricks_utils.quality.annotation import FAILURES, VALID, annotate, failures_type, is_valid, summary
from databricks_utils.quality.counts import RuleCount, assert_limits, count_failures
from databricks_utils.quality.errors import (
    DuplicateRuleError,
    QualityError,
    QuarantineShareError,
    RuleLimitError,
    RuleNameError,
)
from databricks_utils.quality.limits import Limit
from databricks_utils.quality.quarantine_limit import assert_quarantine_share, quarantine_limit
from databricks_utils.quality.rules import Rule, Severity
from databricks_utils.quality.separation import Split, split

__all__ = [
    "FAILURES",
    "VALID",
    "DuplicateRuleError",
    "Limit",
    "QualityError",
    "QuarantineShareError",
    "Rule",
    "RuleCount",
    "RuleLimitError",
    "RuleNameError",
    "Severity",
    "Split",
    "annotate",
    "assert_limits",
    "assert_quarantine_share",
    "count_failures",
    "failures_type",
    "is_valid",
    "quarantine_limit",
    "split",
    "summary",
]
