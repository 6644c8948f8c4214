"""The entities of silver: for each source how it is read, what must hold, and what identifies a row."""

from collections.abc import Callable
from dataclasses import dataclass

from databricks_utils.quality import Rule
from pyspark.sql import DataFrame

from flights.ingestion import sources
from flights.ingestion.sources import Source
from flights.transformations.silver import airlines, airports, flights, planes, weather
from flights.transformations.silver.checking import check, with_delivered


@dataclass(frozen=True)
class Entity:
    """One table of silver.

    Attributes:
        source: Where its records come from; its name is the table's.
        read: Adds the typed columns to raw records; the second argument is the silver table named in `needs`, if any.
        rules: What must hold of a record.
        keys: What identifies a row.
        columns: The typed columns, keys first.
        needs: The silver table that reading needs.
    """

    source: Source
    read: Callable[..., DataFrame]
    rules: tuple[Rule, ...]
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    needs: str | None = None

    def judge(self, records: DataFrame, needed: DataFrame | None = None) -> DataFrame:
        """Return records of bronze as rows of the checked table (see `checking.check`)."""
        delivered = with_delivered(records, self.source.columns)
        read = self.read(delivered, needed) if self.needs else self.read(delivered)
        return check(read, self.rules, columns=self.columns, raw=self.source.columns)


ENTITIES = (
    Entity(sources.AIRLINES, airlines.typed, airlines.RULES, airlines.KEYS, airlines.COLUMNS),
    Entity(sources.AIRPORTS, airports.typed, airports.RULES, airports.KEYS, airports.COLUMNS),
    Entity(sources.PLANES, planes.typed, planes.RULES, planes.KEYS, planes.COLUMNS),
    Entity(sources.WEATHER, weather.typed, weather.RULES, weather.KEYS, weather.COLUMNS),
    Entity(sources.FLIGHTS, flights.typed, flights.RULES, flights.KEYS, flights.COLUMNS, needs="airports"),
)
"""In the order in which they are built: what another one needs comes first."""
