"""pytest fixtures for projects (`databricks_utils.testing.plugin`), test data and an example configuration."""

from databricks_utils.testing.example import example_config_folder
from databricks_utils.testing.future import Known, assert_blind_to_the_future
from databricks_utils.testing.landing import first_records, raw_records, write_drop
from databricks_utils.testing.project import throw_away_project
from databricks_utils.testing.throw_away_schemas import (
    NotThrowAwayError,
    create_throw_away_schemas,
    drop_throw_away_schemas,
    is_throw_away,
)

__all__ = [
    "Known",
    "NotThrowAwayError",
    "assert_blind_to_the_future",
    "create_throw_away_schemas",
    "drop_throw_away_schemas",
    "example_config_folder",
    "first_records",
    "is_throw_away",
    "raw_records",
    "throw_away_project",
    "write_drop",
]
