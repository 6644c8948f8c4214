"""Train, evaluate, score with and monitor a model that the project declares once; a quality gate decides about promotion.

A project declares a `BinaryClassification`; `train`, `evaluate`, `score`, `monitor` and `verify` do the steps and return their
results. mlflow, pandas and scikit-learn are imported only when they are used.
"""

from databricks_utils.mlops.declaration.classification import Algorithm, BinaryClassification
from databricks_utils.mlops.declaration.columns import Columns
from databricks_utils.mlops.declaration.grain import Grain
from databricks_utils.mlops.declaration.settings import (
    GateSettings,
    ModelSettings,
    MonitorBounds,
    Period,
    Periods,
)
from databricks_utils.mlops.errors import (
    ChampionBrokenError,
    DeclarationError,
    GateRefusedError,
    GateRuleError,
    MissingFeaturesError,
    MissingHistogramError,
    MissingModelError,
    MlopsError,
    NothingToRollBackError,
    RegistryRuleError,
    RescoreError,
    SampleError,
    VerificationError,
)
from databricks_utils.mlops.evaluation import Evaluation, evaluate
from databricks_utils.mlops.gate.decision import GateCheck, GateDecision
from databricks_utils.mlops.gate.models import Holdout, ModelReference, Scorer
from databricks_utils.mlops.gate.quality_gate import QualityGate
from databricks_utils.mlops.gate.rules import GateRules
from databricks_utils.mlops.inputs.change import FeatureChange
from databricks_utils.mlops.inputs.feature_table import FeatureTable
from databricks_utils.mlops.measures.drift import ScoreHistogram
from databricks_utils.mlops.measures.performance import WindowPerformance, measure_windows
from databricks_utils.mlops.monitoring import Monitoring, monitor
from databricks_utils.mlops.registry import ModelRegistry, RegisteredModel
from databricks_utils.mlops.retraining import Advice, advise
from databricks_utils.mlops.runs.tags import RunTags
from databricks_utils.mlops.runs.tracking import use_tracking
from databricks_utils.mlops.scoring import Scoring, score
from databricks_utils.mlops.training import Candidate, Training, train
from databricks_utils.mlops.verification import Verification, verify

__all__ = [
    "Advice",
    "Algorithm",
    "BinaryClassification",
    "Candidate",
    "ChampionBrokenError",
    "Columns",
    "DeclarationError",
    "Evaluation",
    "FeatureChange",
    "FeatureTable",
    "GateCheck",
    "GateDecision",
    "GateRefusedError",
    "GateRuleError",
    "GateRules",
    "GateSettings",
    "Grain",
    "Holdout",
    "MissingFeaturesError",
    "MissingHistogramError",
    "MissingModelError",
    "MlopsError",
    "ModelReference",
    "ModelRegistry",
    "ModelSettings",
    "MonitorBounds",
    "Monitoring",
    "NothingToRollBackError",
    "Period",
    "Periods",
    "QualityGate",
    "RegisteredModel",
    "RegistryRuleError",
    "RescoreError",
    "RunTags",
    "SampleError",
    "ScoreHistogram",
    "Scorer",
    "Scoring",
    "Training",
    "Verification",
    "VerificationError",
    "WindowPerformance",
    "advise",
    "evaluate",
    "measure_windows",
    "monitor",
    "score",
    "train",
    "use_tracking",
    "verify",
]
