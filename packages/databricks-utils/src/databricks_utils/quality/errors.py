"""The errors of data quality."""

from databricks_utils.errors import DatabricksUtilsError


class QualityError(DatabricksUtilsError):
    """Base of every error about data quality."""


class RuleNameError(QualityError, ValueError):
    """Raised when a rule's name is not a lower-case identifier; it is also the name of a metric."""


class DuplicateRuleError(QualityError, ValueError):
    """Raised when two rules have the same name, so that their failures could not be distinguished."""


class RuleDeclarationError(QualityError, ValueError):
    """Raised when a rule, a check or a limit cannot be what it says: no columns, no bounds, a share above 100 percent."""


class RuleRefusedError(QualityError, ValueError):
    """Raised when Spark cannot evaluate a rule on the rows that it is for, such as one on a missing column."""


class MissingTableError(QualityError, LookupError):
    """Raised when a rule or a query names a table that was not given to it."""


class NotAcceptedError(QualityError, ValueError):
    """Base of every error about data that rules and checks do not accept; the outcome of the step is `stopped`."""


class QuarantineShareError(NotAcceptedError):
    """Raised when the share of invalid rows is above the limit, which points to a broken source."""


class LimitExceededError(NotAcceptedError):
    """Raised when more rows fail a rule than its limit allows: the delivery is not accepted."""


class CheckFailedError(NotAcceptedError):
    """Raised when a table fails a check of severity `fail`."""


class WebhookAddressError(QualityError, ValueError):
    """Raised when the address of a webhook is no `https` address, or cannot be read; the message does not contain it."""


class QualityStoppedError(NotAcceptedError):
    """Raised when the outcome is `stopped`: a rule's limit is exceeded, or a check of severity `fail` failed."""
