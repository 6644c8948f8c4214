"""Data quality: check every row once, write once, and read valid and quarantined rows from the same table; check whole tables.

>>> rules = [Rule("amount_is_positive", "amount > 0", "not above 0", limit=Limit(percent=5), value="amount")]
>>> check_rules([*rules, Rule("amount_is_negative", "amount < 0", "not below 0")])[0].kind
'contradicts'
"""

from databricks_utils.quality.actions.alerting import AlertNotSentWarning, alerting
from databricks_utils.quality.actions.report import QualityReport
from databricks_utils.quality.actions.responding import respond, set_task_value
from databricks_utils.quality.actions.run_report import Finding, RunReport, report_of_run
from databricks_utils.quality.actions.webhook import Delivery, Webhook
from databricks_utils.quality.annotation import (
    FAILURES,
    VALID,
    AnyRule,
    annotate,
    check_columns,
    failures_type,
    summary,
)
from databricks_utils.quality.checks.check import (
    AnyCheck,
    Check,
    Query,
    age_in_seconds,
    null_rate,
    row_count,
)
from databricks_utils.quality.checks.running import CheckResult, assert_checks, depends_on_time, run_checks
from databricks_utils.quality.conflicts.finding import Conflict, check_rules
from databricks_utils.quality.counting import RuleCount, assert_limits, counts
from databricks_utils.quality.errors import (
    CheckFailedError,
    DuplicateRuleError,
    LimitExceededError,
    MissingTableError,
    NotAcceptedError,
    QualityError,
    QualityStoppedError,
    QuarantineShareError,
    RuleDeclarationError,
    RuleNameError,
    RuleRefusedError,
    WebhookAddressError,
)
from databricks_utils.quality.limits import Limit
from databricks_utils.quality.metrics.history import RuleTrend, read_trend, read_trends
from databricks_utils.quality.metrics.recording import Measurement, record_metrics
from databricks_utils.quality.metrics.trend import Point, Trend, trend_of
from databricks_utils.quality.outcomes import Outcome
from databricks_utils.quality.quarantine_limit import assert_quarantine_share, quarantine_limit
from databricks_utils.quality.rules import Rule, Severity
from databricks_utils.quality.separation import Split, split
from databricks_utils.quality.several_rows.group import Group
from databricks_utils.quality.several_rows.reference import Reference
from databricks_utils.quality.several_rows.unique import Unique

__all__ = [
    "FAILURES",
    "VALID",
    "AlertNotSentWarning",
    "AnyCheck",
    "AnyRule",
    "Check",
    "CheckFailedError",
    "CheckResult",
    "Conflict",
    "Delivery",
    "DuplicateRuleError",
    "Finding",
    "Group",
    "Limit",
    "LimitExceededError",
    "Measurement",
    "MissingTableError",
    "NotAcceptedError",
    "Outcome",
    "Point",
    "QualityError",
    "QualityReport",
    "QualityStoppedError",
    "QuarantineShareError",
    "Query",
    "Reference",
    "Rule",
    "RuleCount",
    "RuleDeclarationError",
    "RuleNameError",
    "RuleRefusedError",
    "RuleTrend",
    "RunReport",
    "Severity",
    "Split",
    "Trend",
    "Unique",
    "Webhook",
    "WebhookAddressError",
    "age_in_seconds",
    "alerting",
    "annotate",
    "assert_checks",
    "assert_limits",
    "assert_quarantine_share",
    "check_columns",
    "check_rules",
    "counts",
    "depends_on_time",
    "failures_type",
    "null_rate",
    "quarantine_limit",
    "read_trend",
    "read_trends",
    "record_metrics",
    "report_of_run",
    "respond",
    "row_count",
    "run_checks",
    "set_task_value",
    "split",
    "summary",
    "trend_of",
]
