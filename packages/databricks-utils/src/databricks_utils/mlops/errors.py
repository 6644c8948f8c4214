"""The ways in which a model's life can go wrong."""

from databricks_utils.errors import DatabricksUtilsError


class MlopsError(DatabricksUtilsError):
    """Base of every error about models."""


class GateRuleError(MlopsError, ValueError):
    """Raised when the gate's rules or its holdout could not tell a good model from a bad one."""


class ChampionBrokenError(MlopsError, RuntimeError):
    """Raised when the champion cannot score the holdout: there is nothing to compare a candidate with."""


class GateRefusedError(MlopsError, PermissionError):
    """Raised when a version is to be promoted that the quality gate has not let pass."""


class RegistryRuleError(MlopsError, ValueError):
    """Raised before the registry is asked, when Unity Catalog would refuse: the name's parts, the signature."""


class MissingModelError(MlopsError, LookupError):
    """Raised when a model, or the alias of one, is not in the registry."""


class NothingToRollBackError(MlopsError, LookupError):
    """Raised when the champion has replaced no other version."""
