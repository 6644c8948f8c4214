"""The ways in which a name in the catalog, or the catalog itself, can be wrong."""

from databricks_utils.errors import DatabricksUtilsError


class CatalogError(DatabricksUtilsError):
    """Base of every error about names and schemas."""


class UnknownLayerError(CatalogError, LookupError):
    """Raised when a layer is named that there is not, or that holds no tables."""


class InvalidNameError(CatalogError, ValueError):
    """Raised when a table, volume or model cannot have the name."""


class MissingSchemasError(CatalogError, LookupError):
    """Raised in a workspace when the catalog or schemas are not there, or not visible to this principal."""
