"""The thresholds of the gate, each in its range."""

from dataclasses import dataclass

from databricks_utils.mlops.errors import GateRuleError


@dataclass(frozen=True)
class GateRules:
    """The thresholds for a candidate.

    Attributes:
        minimum_roc_auc: Absolute floor, 0.5 to 1.
        minimum_brier_skill: Absolute floor of the Brier skill score, 0 to below 1. It is the share by which the model's
            Brier score (mean squared error of the probability) is below that of a constant: the share of positives.
        maximum_calibration_gap: Largest distance of the mean score from the share of positives, above 0 to 1.
        minimum_uplift: Minimum of the lower bound of the uplift in ROC AUC over the champion. 0: the candidate is better
            with the given confidence; a little below 0: it is not worse by more than that.
        confidence: Confidence of the two-sided interval of the uplift, 0 to 1.
        resamples: Number of bootstrap samples.
        seed: The same seed gives the same verdict.

    Raises:
        GateRuleError: A threshold is outside its range, so that every model or no model could pass.

    Source: Brier skill score: Wilks, Statistical Methods in the Atmospheric Sciences (2011), section 8.4.
    """

    minimum_roc_auc: float
    minimum_brier_skill: float
    maximum_calibration_gap: float
    minimum_uplift: float = 0.0
    confidence: float = 0.9
    resamples: int = 400
    seed: int = 0

    def __post_init__(self) -> None:
        in_range = {
            "minimum_roc_auc: 0.5 to 1": 0.5 <= self.minimum_roc_auc <= 1,
            "minimum_brier_skill: 0 to below 1": 0 <= self.minimum_brier_skill < 1,
            "maximum_calibration_gap: above 0 to 1": 0 < self.maximum_calibration_gap <= 1,
            "minimum_uplift: -1 to 1": -1 <= self.minimum_uplift <= 1,
            "confidence: between 0 and 1": 0 < self.confidence < 1,
        }
        if not all(in_range.values()):
            raise GateRuleError(
                "gate: a threshold is outside its range",
                detail=str(self),
                fix="; ".join(allowed for allowed, holds in in_range.items() if not holds),
            )
