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


class ConcurrentWriteError(CatalogError, RuntimeError):
    """Raised when another process wrote to a table between reading and writing it; nothing was written, nothing was lost."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"{table} was written by another process at the same moment; nothing was lost",
            location=table,
            fix="run the step again: it adds what is missing",
        )
        self.table = table

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the table when the error crosses a process boundary."""
        return (type(self), (self.table,))


class ClusteringError(CatalogError, ValueError):
    """Raised when a table cannot be clustered by the configured columns."""


class WorkspaceMetastoreError(CatalogError, PermissionError):
    """Raised when environment `local` is to create schemas, and the session belongs to a workspace."""
