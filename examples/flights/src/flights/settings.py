"""The project's own settings: the section `extra` of `config/*.yaml`, typed."""

from databricks_utils.mlops import ModelSettings
from pydantic import Field


class FlightsSettings(ModelSettings):
    """The project's settings; `periods`, `gate`, `monitor` and `sample_rows` come from `ModelSettings`.

    Attributes:
        sample_drops: Folder with sample files, relative to the project's root; they are copied to the landing volume before
            ingestion. None if a data provider delivers the files.
        late_after_minutes: A flight is late if its arrival delay is larger, in minutes.
        lead_minutes: Minutes between the prediction and the scheduled departure.
        weather_max_age_minutes: Older weather observations are ignored.
        prior_late_rate: Assumed share of late flights before any outcome is known; not measured.
        prior_flights: Weight of the assumed share in the rate of a route, hour or carrier, in flights.
    """

    sample_drops: str | None = None
    late_after_minutes: int = Field(default=15, ge=0)
    lead_minutes: int = Field(default=60, ge=0)
    weather_max_age_minutes: int = Field(default=180, ge=0)
    prior_late_rate: float = Field(default=0.2, ge=0, le=1)
    prior_flights: int = Field(default=50, ge=1)
