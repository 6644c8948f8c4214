"""The settings of a model in `config/*.yaml`: periods, the gate's thresholds, the bounds of monitoring.

A project's settings inherit from `ModelSettings` or contain it, so that a wrong value is reported with its file and line.
"""

from __future__ import annotations

import itertools
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from databricks_utils.mlops.declaration.grain import Grain


class Closed(BaseModel):
    """A frozen section that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Closed):
    """A range of whole windows; both ends are included.

    Attributes:
        first: The first day of the first window.
        last: The first day of the last window.
    """

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.first > self.last:
            raise ValueError(f"{self.first} comes after {self.last}")
        return self


class Periods(Closed):
    """The windows for training, validation, test and scoring, in this order and without overlap; each has one use.

    Attributes:
        grain: The length of a window.
        train: Windows that the model learns from.
        validate_: Windows that choose between models: the gate compares candidate and champion; written `validate`.
        test: Windows that examine the chosen model: the gate's absolute thresholds, and the scores that drift is measured
            against. Nothing was learned from them or chosen by them.
        score: Windows that the champion scores.
    """

    grain: Grain = Grain.MONTH
    train: Period
    validate_: Period = Field(alias="validate")
    test: Period
    score: Period

    @property
    def _named(self) -> tuple[tuple[str, Period], ...]:
        return ("train", self.train), ("validate", self.validate_), ("test", self.test), ("score", self.score)

    @model_validator(mode="after")
    def _whole_windows(self) -> Periods:
        for name, period in self._named:
            for day in (period.first, period.last):
                if self.grain.start_of(day) != day:
                    example = self.grain.start_of(day)
                    raise ValueError(f"{name}: {day}: write the first day of a {self.grain}, e.g. {example}")
        return self

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Periods:
        for (earlier, before), (later, after) in itertools.pairwise(self._named):
            if before.last >= after.first:
                raise ValueError(
                    f"`{later}` starts on {after.first}, but `{earlier}` ends with the window of {before.last}; the periods must "
                    "not overlap, in this order: train, validate, test, score"
                )
        return self


class GateSettings(Closed):
    """The thresholds for a candidate to become champion; see `GateRules`.

    Attributes:
        minimum_roc_auc: Absolute floor, 0.5 to 1.
        minimum_brier_skill: Absolute floor of the Brier skill score against a constant, 0 to below 1.
        maximum_calibration_gap: Largest distance of the mean score from the share of positives, above 0 to 1.
        minimum_uplift: Minimum of the lower bound of the uplift in ROC AUC over the champion.
        confidence: Confidence of the two-sided interval of the uplift, 0 to 1.
        resamples: Number of bootstrap samples.
        seed: The same seed gives the same verdict.
    """

    minimum_roc_auc: float = Field(ge=0.5, le=1)
    minimum_brier_skill: float = Field(ge=0, lt=1)
    maximum_calibration_gap: float = Field(gt=0, le=1)
    minimum_uplift: float = 0.0
    confidence: float = Field(default=0.9, gt=0, lt=1)
    resamples: int = Field(default=400, ge=100)
    seed: int = 0


class MonitorBounds(Closed):
    """The bounds for each window; the bound of the drift is `monitoring.drift_threshold`.

    Attributes:
        minimum_roc_auc: Lowest allowed ROC AUC, 0.5 to 1.
        maximum_calibration_gap: Largest allowed distance of the mean score from the share of positives, 0 to 1.
    """

    minimum_roc_auc: float = Field(ge=0.5, le=1)
    maximum_calibration_gap: float = Field(gt=0, le=1)


class ModelSettings(Closed):
    """The settings of a model in the configuration.

    Attributes:
        sample_rows: Approximate maximum of rows for training; of more rows, the same sample is taken each time.
        sample_values: Most values (rows times features) of one sample in the driver's memory; a larger sample is refused.
        score_rows: Rows that the champion scores at a time, in the driver's memory; each time is one commit.
        periods: The windows for training, validation and scoring.
        gate: The thresholds for a candidate.
        monitor: The bounds for each window.
    """

    sample_rows: int = Field(default=500_000, ge=1000)
    sample_values: int = Field(default=50_000_000, ge=10_000)
    score_rows: int = Field(default=500_000, ge=100)
    periods: Periods
    gate: GateSettings
    monitor: MonitorBounds
