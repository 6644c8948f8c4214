"""The errors of training, evaluating, registering, scoring with and monitoring a model."""

from databricks_utils.errors import DatabricksUtilsError


class MlopsError(DatabricksUtilsError):
    """Base of every error about models."""


class GateRuleError(MlopsError, ValueError):
    """Raised when the gate's rules or its holdout cannot separate a good model from a bad one."""


class ChampionBrokenError(MlopsError, RuntimeError):
    """Raised when the champion cannot score the holdout, so that no candidate can be compared with it."""


class GateRefusedError(MlopsError, PermissionError):
    """Raised when code promotes a version that did not pass the quality gate."""


class RegistryRuleError(MlopsError, ValueError):
    """Raised when Unity Catalog would refuse a model, for its name or a missing signature."""


class MissingModelError(MlopsError, LookupError):
    """Raised when a model, or the alias of one, is not in the registry."""


class NothingToRollBackError(MlopsError, LookupError):
    """Raised when the champion replaced no other version."""


class DeclarationError(MlopsError, ValueError):
    """Raised when a project's declaration of its model is contradictory."""


class MissingFeaturesError(MlopsError, LookupError):
    """Raised when the feature table lacks a column that a model needs."""


class SampleError(MlopsError, ValueError):
    """Raised when there are no rows for training or evaluation, or when their labels are not 0 and 1."""


class RescoreError(MlopsError, ValueError):
    """Raised when windows are to be scored again that are no windows of `periods.score`."""


class MissingHistogramError(MlopsError, LookupError):
    """Raised when a model version lacks the tag with its validation scores, which drift is measured against."""


class VerificationError(MlopsError, AssertionError):
    """Raised when the pipeline has finished and its results are wrong."""
