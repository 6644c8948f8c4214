"""Declared entities, their sample files, and a raw flight, for tests."""

from pathlib import Path

from databricks_utils.contracts import contracts_of
from databricks_utils.medallion import declared_in

FLIGHTS = contracts_of("flights").source("flights")
ENTITIES = {entity.name: entity for entity in declared_in("flights.transformations").entities}
SAMPLES = Path(__file__).parents[1] / "data" / "landing"

_VALUES = "2013 1 1 542 540 2 923 850 33 AA 1141 N619AA LGA MIA 160 1089 5 40 2013-01-01T10:00:00Z"


def record(**changes):
    """Return a good raw flight with some columns changed."""
    return {**dict(zip(FLIGHTS.columns, _VALUES.split(), strict=True)), **changes}
