"""The life of a model: runs with tags, a registry with aliases, and a gate that blocks.

Nothing here imports mlflow, pandas or scikit-learn before it is used.
"""

from databricks_utils.mlops.drift import ScoreHistogram
from databricks_utils.mlops.errors import (
    ChampionBrokenError,
    GateRefusedError,
    GateRuleError,
    MissingModelError,
    MlopsError,
    NothingToRollBackError,
    RegistryRuleError,
)
from databricks_utils.mlops.gate import (
    GateCheck,
    GateDecision,
    GateRules,
    Holdout,
    ModelReference,
    QualityGate,
    Scorer,
)
from databricks_utils.mlops.registry import ModelRegistry, RegisteredModel
from databricks_utils.mlops.tags import RunTags
from databricks_utils.mlops.tracking import use_tracking

__all__ = [
    "ChampionBrokenError",
    "GateCheck",
    "GateDecision",
    "GateRefusedError",
    "GateRuleError",
    "GateRules",
    "Holdout",
    "MissingModelError",
    "MlopsError",
    "ModelReference",
    "ModelRegistry",
    "NothingToRollBackError",
    "QualityGate",
    "RegisteredModel",
    "RegistryRuleError",
    "RunTags",
    "ScoreHistogram",
    "Scorer",
    "use_tracking",
]
