"""Configuration: the first step of the walk, from `config/*.yaml` to one typed, frozen object.

>>> from databricks_utils.config import ConfigLoader
>>> from databricks_utils.testing import example_config_folder
>>> config = ConfigLoader.load("prod", example_config_folder())
>>> config.environment, config.catalog.name, config.mlflow.registry_uri
('prod', 'prod_analytics', 'databricks-uc')
"""

from typing import TYPE_CHECKING

from databricks_utils.config.errors import ConfigError
from databricks_utils.config.loader import ConfigLoader
from databricks_utils.config.model import EnvironmentConfig
from databricks_utils.config.secrecy import reveal

if TYPE_CHECKING:
    from databricks_utils.spark import SparkSessionFactory

__all__ = ["ConfigError", "ConfigLoader", "EnvironmentConfig", "SparkSessionFactory", "reveal"]


def __getattr__(name: str) -> object:
    """Import `SparkSessionFactory` when it is asked for: it stands on this package, so not at import time."""
    if name == "SparkSessionFactory":
        from databricks_utils.config.spark_session import SparkSessionFactory

        return SparkSessionFactory
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
