"""Entry point `test_data` of the wheel: the small files of a test run, in schemas of its own.

The flights are made up: two carriers, one route, two departures. A carrier is often late at one of them, so that a model has
something to learn which a linear model cannot see. One flight is invalid, and one is delivered twice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from databricks_utils.config import SparkSessionFactory
from databricks_utils.context import task_context
from databricks_utils.contracts import contracts_of
from databricks_utils.medallion import Source
from databricks_utils.mlops.declaration.settings import Periods
from databricks_utils.testing import create_throw_away_schemas, write_drop

from flights.settings import FlightsSettings

INVALID, REPEATED = 1, 1
_DAYS = 20  # of each month
_A_DEPARTURE = 3  # flights of each carrier
_HOURS = (8, 18)
_OFTEN_LATE = {("AA", 8), ("DL", 18)}
_ZONE = ZoneInfo("America/New_York")
_PLANES = {"AA": "N619AA", "DL": "N301DL"}

Record = dict[str, str]


def main() -> None:
    """Make the schemas of the test run, and deliver its files."""
    context = task_context("Deliver the files of a test run.")
    spark = SparkSessionFactory.create(context.config.environment, context.config.config_folder)
    names = create_throw_away_schemas(spark, context)
    for source, records in drops(context.config.extra_as(FlightsSettings).periods).items():
        write_drop(context.landing / source.path / f"{source.name}_test.csv.gz", source.columns, records)
    print(f"test files delivered to {context.landing}; the schemas are {', '.join(names)}")


def drops(periods: Periods) -> dict[Source, list[Record]]:
    """Return the records of each source, for every month from the first to train on to the last to score."""
    days = list(_days(periods.train.first, periods.score.last))
    flights = [record for number, day in enumerate(days) for record in _flights(day, number)]
    invalid = {**flights[0], "flight": "9999", "dest": "XXX"}
    source = contracts_of("flights").source
    return {
        source("flights"): [*flights, *([invalid] * INVALID), *([flights[-1]] * REPEATED)],
        source("weather"): [_weather(day, hour) for day in days for hour in _HOURS],
        source("planes"): [
            {"tailnum": plane, "year": "2004", "engines": "2", "seats": "150"} for plane in _PLANES.values()
        ],
        source("airlines"): [
            {"carrier": "AA", "name": "American Airlines Inc."},
            {"carrier": "DL", "name": "Delta Air Lines Inc."},
        ],
        source("airports"): [
            {"faa": "LGA", "name": "La Guardia", "lat": "40.8", "lon": "-73.9", "alt": "22", "tzone": _ZONE.key},
            {"faa": "MIA", "name": "Miami Intl", "lat": "25.8", "lon": "-80.3", "alt": "8", "tzone": _ZONE.key},
        ],
    }


def _days(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield from (month + timedelta(days=number) for number in range(_DAYS))
        month = (month + timedelta(days=31)).replace(day=1)


def _flights(day: date, number: int) -> Iterator[Record]:
    for carrier in _PLANES:
        for hour in _HOURS:
            for index in range(_A_DEPARTURE):
                is_exception = (number * _A_DEPARTURE + index) % 5 == 0
                is_late = ((carrier, hour) in _OFTEN_LATE) != is_exception
                yield _flight(day, carrier, hour, flight=100 * hour + index, delay=40 if is_late else 0)


def _flight(day: date, carrier: str, hour: int, *, flight: int, delay: int) -> Record:
    """Return a flight from La Guardia to Miami that leaves at a full hour and takes three hours."""
    return {
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        "dep_time": str(hour * 100 + delay),
        "sched_dep_time": str(hour * 100),
        "dep_delay": str(delay),
        "arr_time": str((hour + 3) * 100 + delay),
        "sched_arr_time": str((hour + 3) * 100),
        "arr_delay": str(delay),
        "carrier": carrier,
        "flight": str(flight),
        "tailnum": _PLANES[carrier],
        "origin": "LGA",
        "dest": "MIA",
        "air_time": "160",
        "distance": "1096",
        "hour": str(hour),
        "minute": "0",
        "time_hour": _utc(day, hour),
    }


def _weather(day: date, hour: int) -> Record:
    """Return the observation two hours before a departure: the last that the prediction knows."""
    measures = {"temp": "50", "dewp": "40", "humid": "60", "wind_dir": "270", "wind_speed": "10", "wind_gust": "NA"}
    measures |= {"precip": "0", "pressure": "1015", "visib": "10"}
    at = {"year": str(day.year), "month": str(day.month), "day": str(day.day), "hour": str(hour - 2)}
    return {"origin": "LGA", **at, **measures, "time_hour": _utc(day, hour - 2)}


def _utc(day: date, hour: int) -> str:
    local = datetime(day.year, day.month, day.day, hour, tzinfo=_ZONE)
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
