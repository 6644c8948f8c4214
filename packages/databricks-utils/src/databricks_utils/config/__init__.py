"""Configuration: `config/*.yaml`, environment variables and arguments become one typed, frozen object.

>>> from databricks_utils.config import ConfigLoader
>>> from databricks_utils.testing import example_config_folder
>>> config = ConfigLoader.load("prod", example_config_folder())
>>> config.environment, config.catalog.name, config.mlflow.registry_uri
('prod', 'prod_analytics', 'databricks-uc')

| to find | read |
|---|---|
| the order of a load | `loader.py` |
| the choice of the environment, where the process runs | `environment.py` |
| the `config/` folder and its files | `files.py` |
| YAML text, and the quick way for most of it | `yaml_reader.py`, `quick_yaml/` |
| the origin of a value: file and line, variable or argument | `origin.py` |
| values with their origins, and how they merge | `tree.py` |
| `DBX_SECTION__KEY` and arguments | `overrides.py` |
| `${NAME}` in a value | `interpolation.py` |
| the keys, their values, the errors about them, keys without effect | `model/` |
| which values are secrets, and how they are hidden | `secrecy.py` |
| every value with its origin, for a person | `explain.py` |
| the JSON Schema for editors | `schema.py`, `config.schema.json` |

Public are the names below and the modules `errors`, `explain` and `schema`.
"""

from typing import TYPE_CHECKING

from databricks_utils.config.errors import ConfigError
from databricks_utils.config.files import environments
from databricks_utils.config.loader import ConfigLoader, RawSection
from databricks_utils.config.model.environment_config import EnvironmentConfig
from databricks_utils.config.model.rules import MEMORY_SIZE
from databricks_utils.config.model.sections import MaintenanceSection
from databricks_utils.config.origin import ENV_FILE_VARIABLE, Origin
from databricks_utils.config.secrecy import SecretText, hide, looks_secret, reveal

if TYPE_CHECKING:
    from databricks_utils.spark import SparkSessionFactory

__all__ = [
    "ENV_FILE_VARIABLE",
    "MEMORY_SIZE",
    "ConfigError",
    "ConfigLoader",
    "EnvironmentConfig",
    "MaintenanceSection",
    "Origin",
    "RawSection",
    "SecretText",
    "SparkSessionFactory",
    "environments",
    "hide",
    "looks_secret",
    "reveal",
]


def __getattr__(name: str) -> object:
    """Import `SparkSessionFactory` on first use: it imports this package, so it cannot be imported above."""
    if name == "SparkSessionFactory":
        from databricks_utils.config.spark_session import SparkSessionFactory

        return SparkSessionFactory
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
