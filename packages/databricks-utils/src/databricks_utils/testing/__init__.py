"""pytest fixtures for projects (`databricks_utils.testing.plugin`), and an example configuration."""

from databricks_utils.testing.example import example_config_folder
from databricks_utils.testing.project import throw_away_project

__all__ = ["example_config_folder", "throw_away_project"]
