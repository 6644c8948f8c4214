"""The errors of data quality."""

from databricks_utils.errors import DatabricksUtilsError


class QualityError(DatabricksUtilsError):
    """Base of every error about data quality."""


class RuleNameError(QualityError, ValueError):
    """Raised when a rule's name is not a lower-case identifier; it is also the name of a metric."""


class DuplicateRuleError(QualityError, ValueError):
    """Raised when two rules have the same name, so that their failures could not be distinguished."""


class QuarantineShareError(QualityError, ValueError):
    """Raised when the share of invalid rows is above the limit, which points to a broken source."""


class RuleLimitError(QualityError, ValueError):
    """Raised when more rows fail a rule than may, and when a limit cannot be one."""
