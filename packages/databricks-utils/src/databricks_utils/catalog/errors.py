"""The errors of names in the catalog, and of the catalog itself."""

from databricks_utils.errors import DatabricksUtilsError


class CatalogError(DatabricksUtilsError):
    """Base of every error about names and schemas."""


class UnknownLayerError(CatalogError, LookupError):
    """Raised when a layer does not exist, or holds no tables."""


class InvalidNameError(CatalogError, ValueError):
    """Raised when a name is not valid for a table, volume or model."""


class MissingSchemasError(CatalogError, LookupError):
    """Raised in a workspace when the catalog or schemas are missing, or are not visible to this principal."""
