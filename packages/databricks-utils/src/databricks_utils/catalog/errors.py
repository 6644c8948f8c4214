"""What can be wrong with a name in the catalog, or with the catalog itself."""

from databricks_utils.errors import DatabricksUtilsError


class CatalogError(DatabricksUtilsError):
    """Base of every error about names and schemas."""


class UnknownLayerError(CatalogError, LookupError):
    """Raised when a layer does not exist, or holds no tables."""


class InvalidNameError(CatalogError, ValueError):
    """Raised when a table, volume or model cannot have the name."""


class MissingSchemasError(CatalogError, LookupError):
    """Raised in a workspace when the catalog or schemas are missing, or this principal may not see them."""
