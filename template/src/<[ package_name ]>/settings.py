"""The project's own part of the configuration: the section `extra` of `config/*.yaml`, typed."""

from databricks_utils.mlops import ModelSettings
from pydantic import Field


class FlightsSettings(ModelSettings):
    """Everything that only this project knows; `periods`, `gate`, `monitor` and `sample_rows` come from `ModelSettings`.

    Attributes:
        sample_drops: Folder, relative to the project's root, whose files are delivered to the landing volume before
            ingestion, for trying things out; None where a data provider delivers.
        late_after_minutes: A flight is late when it arrives more than so many minutes after schedule.
        lead_minutes: How long before the scheduled departure the prediction is made.
        weather_max_age_minutes: Older observations count as unknown.
        prior_late_rate: Share of late flights that is assumed before any is known; an assumption, not a measurement.
        prior_flights: Weight of the assumed share in the rate of a route, hour or carrier, in flights.
    """

    sample_drops: str | None = None
    late_after_minutes: int = Field(default=15, ge=0)
    lead_minutes: int = Field(default=60, ge=0)
    weather_max_age_minutes: int = Field(default=180, ge=0)
    prior_late_rate: float = Field(default=0.2, ge=0, le=1)
    prior_flights: int = Field(default=50, ge=1)
