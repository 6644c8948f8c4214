"""The ways in which a check of data quality can be wrong, or refuse to go on."""

from databricks_utils.errors import DatabricksUtilsError


class QualityError(DatabricksUtilsError):
    """Base of every error about data quality."""


class RuleNameError(QualityError, ValueError):
    """Raised when a rule's name is no lower-case identifier, so it could not name a metric."""


class DuplicateRuleError(QualityError, ValueError):
    """Raised when two rules share a name: a failure could not be told from the other."""


class QuarantineShareError(QualityError, ValueError):
    """Raised when a greater share of rows than allowed is invalid: the source broke, not some rows."""
