"""The project's own part of the configuration: the section `extra` of `config/*.yaml`, typed."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Closed(BaseModel):
    """Frozen, and no key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Closed):
    """Whole months, both ends included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.first.day != 1 or self.last.day != 1:
            msg = f"{self.first} to {self.last}: write the first day of a month, e.g. 2013-01-01"
            raise ValueError(msg)
        if self.first > self.last:
            msg = f"{self.first} comes after {self.last}"
            raise ValueError(msg)
        return self


class Split(Closed):
    """Which months are for what; training, validation and scoring never overlap and follow each other."""

    train: Period
    validate_: Period = Field(alias="validate")
    score: Period

    @model_validator(mode="after")
    def _one_after_the_other(self) -> "Split":
        if not self.train.last < self.validate_.first <= self.validate_.last < self.score.first:
            msg = "the periods overlap or are out of order: train, then validate, then score"
            raise ValueError(msg)
        return self


class Gate(Closed):
    """What a candidate must reach before it may become champion."""

    minimum_roc_auc: float = Field(ge=0.5, le=1)
    maximum_brier: float = Field(gt=0, le=1)
    minimum_uplift: float = Field(default=0.0, description="Lower bound of the uplift in ROC AUC over the champion.")
    confidence: float = Field(default=0.9, gt=0, lt=1)
    resamples: int = Field(default=400, ge=100)
    seed: int = 20130101


class Monitor(Closed):
    """When a month counts as a violation."""

    minimum_roc_auc: float = Field(ge=0.5, le=1)
    maximum_calibration_gap: float = Field(gt=0, le=1, description="Of the mean score from the share of late flights.")


class FlightsSettings(Closed):
    """Everything that only this project knows.

    Attributes:
        sample_drops: Folder, relative to the project's root, whose files are delivered to the landing volume before
            ingestion, for trying things out; None where a data provider delivers.
        late_after_minutes: A flight is late when it arrives more than so many minutes after schedule.
        lead_minutes: How long before the scheduled departure the prediction is made.
        weather_max_age_minutes: Older observations count as unknown.
        prior_late_rate: Share of late flights that is assumed before any is known; an assumption, not a measurement.
        prior_flights: Weight of the assumed share in the rate of a route, hour or carrier, in flights.
        sample_rows: At most so many rows are trained on; more are sampled, the same ones each time.
        periods: Which months are for what.
        gate: What a candidate must reach.
        monitor: When a month counts as a violation.
    """

    sample_drops: str | None = None
    late_after_minutes: int = Field(default=15, ge=0)
    lead_minutes: int = Field(default=60, ge=0)
    weather_max_age_minutes: int = Field(default=180, ge=0)
    prior_late_rate: float = Field(default=0.2, ge=0, le=1)
    prior_flights: int = Field(default=50, ge=1)
    sample_rows: int = Field(default=500_000, ge=1000)
    periods: Split
    gate: Gate
    monitor: Monitor
