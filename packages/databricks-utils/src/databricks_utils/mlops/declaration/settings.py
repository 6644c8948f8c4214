"""The settings of a model in `config/*.yaml`: which windows are for what, what the gate asks, what monitoring allows.

A project's own settings inherit or embed `ModelSettings`, so that a wrong value is reported with its file and line.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from databricks_utils.mlops.declaration.grain import Grain


class Closed(BaseModel):
    """A frozen section that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Closed):
    """Whole windows, both ends included.

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
    """Which windows are for what; training, validation and scoring follow each other and never overlap.

    Attributes:
        grain: The length of a window.
        train: The model learns from these.
        validate_: The gate judges it on these; written `validate`.
        score: The champion scores these.
    """

    grain: Grain = Grain.MONTH
    train: Period
    validate_: Period = Field(alias="validate")
    score: Period

    @model_validator(mode="after")
    def _whole_windows(self) -> Periods:
        for name, period in (("train", self.train), ("validate", self.validate_), ("score", self.score)):
            for day in (period.first, period.last):
                if self.grain.start_of(day) != day:
                    example = self.grain.start_of(day)
                    raise ValueError(f"{name}: {day}: write the first day of a {self.grain}, e.g. {example}")
        return self

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Periods:
        if not self.train.last < self.validate_.first <= self.validate_.last < self.score.first:
            raise ValueError("the periods overlap or are out of order: train, then validate, then score")
        return self


class GateSettings(Closed):
    """What a candidate must reach before it may become champion; see `GateRules`.

    Attributes:
        minimum_roc_auc: Absolute floor, 0.5 to 1.
        maximum_brier: Absolute ceiling of the Brier score, 0 to 1.
        minimum_uplift: The lower bound of the uplift in ROC AUC over the champion must reach it.
        confidence: Of the two-sided interval of the uplift, 0 to 1.
        resamples: Number of bootstrap samples.
        seed: The same seed gives the same verdict.
    """

    minimum_roc_auc: float = Field(ge=0.5, le=1)
    maximum_brier: float = Field(gt=0, le=1)
    minimum_uplift: float = 0.0
    confidence: float = Field(default=0.9, gt=0, lt=1)
    resamples: int = Field(default=400, ge=100)
    seed: int = 0


class MonitorBounds(Closed):
    """When a window counts as a violation; the bound of the drift is `monitoring.drift_threshold`.

    Attributes:
        minimum_roc_auc: A lower ROC AUC is a violation, 0.5 to 1.
        maximum_calibration_gap: A mean score that is farther from the share of positives is a violation, 0 to 1.
    """

    minimum_roc_auc: float = Field(ge=0.5, le=1)
    maximum_calibration_gap: float = Field(gt=0, le=1)


class ModelSettings(Closed):
    """Everything that a model needs from the configuration.

    Attributes:
        sample_rows: At most about so many rows are trained on; of more, a sample is taken, the same one each time.
        periods: Which windows are for what.
        gate: What a candidate must reach.
        monitor: When a window counts as a violation.
    """

    sample_rows: int = Field(default=500_000, ge=1000)
    periods: Periods
    gate: GateSettings
    monitor: MonitorBounds
