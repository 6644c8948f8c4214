"""pytest fixtures for projects (`databricks_utils.testing.plugin`), and an example configuration to try things with."""

from databricks_utils.testing.example import example_config_folder

__all__ = ["example_config_folder"]
