"""Names in Unity Catalog, the same on a laptop and in a workspace.

>>> from databricks_utils.config import EnvironmentConfig
>>> catalog = CatalogHelper(EnvironmentConfig(environment="dev", catalog={"name": "dev_analytics", "schema": "flights"}))
>>> catalog.table_name("bronze", "flights")
'dev_analytics.flights_bronze.flights'
"""

from databricks_utils.catalog.errors import (
    CatalogError,
    ClusteringError,
    ConcurrentWriteError,
    InvalidNameError,
    MissingSchemasError,
    UnknownLayerError,
    WorkspaceMetastoreError,
)
from databricks_utils.catalog.layers import LAYERS
from databricks_utils.catalog.names import CatalogHelper
from databricks_utils.quoting import quote

__all__ = [
    "LAYERS",
    "CatalogError",
    "CatalogHelper",
    "ClusteringError",
    "ConcurrentWriteError",
    "InvalidNameError",
    "MissingSchemasError",
    "UnknownLayerError",
    "WorkspaceMetastoreError",
    "quote",
]
