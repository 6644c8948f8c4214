"""pytest fixtures for projects (`databricks_utils.testing.plugin`), test data and an example configuration."""

from databricks_utils.testing.example import example_config_folder
from databricks_utils.testing.future import Known, assert_blind_to_the_future
from databricks_utils.testing.landing import first_records, raw_records, write_drop
from databricks_utils.testing.project import throw_away_project

__all__ = [
    "Known",
    "assert_blind_to_the_future",
    "example_config_folder",
    "first_records",
    "raw_records",
    "throw_away_project",
    "write_drop",
]
