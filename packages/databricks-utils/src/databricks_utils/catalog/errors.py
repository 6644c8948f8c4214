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
