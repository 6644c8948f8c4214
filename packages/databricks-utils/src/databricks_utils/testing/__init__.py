"""pytest fixtures for projects (`databricks_utils.testing.plugin`), and a configuration to try things with."""

from databricks_utils.testing.example import example_config_folder
from databricks_utils.testing.project import throw_away_project

__all__ = ["example_config_folder", "throw_away_project"]
