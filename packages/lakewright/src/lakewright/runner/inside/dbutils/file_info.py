"""What `dbutils.fs` returns, with the fields of Databricks: tuples, so that Spark makes DataFrames of them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class FileInfo(NamedTuple):
    """One entry of a folder; `modificationTime` is in milliseconds."""

    path: str
    name: str
    size: int
    modificationTime: int  # noqa: N815 - Databricks' name

    def isDir(self) -> bool:  # noqa: N802 - Databricks' name
        """Return whether it is a folder."""
        return self.name.endswith("/")

    def isFile(self) -> bool:  # noqa: N802 - Databricks' name
        """Return whether it is a file."""
        return not self.isDir()


class MountInfo(NamedTuple):
    """One mount."""

    mountPoint: str  # noqa: N815 - Databricks' name
    source: str
    encryptionType: str  # noqa: N815 - Databricks' name


def info_of(local: Path, uri: str) -> FileInfo:
    """Return the entry of a file or folder; a folder's path and name end with `/`, its size is 0."""
    facts = local.stat()
    mark = "/" if local.is_dir() else ""
    size = 0 if local.is_dir() else facts.st_size
    name = uri.rstrip("/").rpartition("/")[2]
    return FileInfo(f"{uri.rstrip('/')}{mark}", f"{name}{mark}", size, int(facts.st_mtime * 1000))


def level_info(uri: str) -> FileInfo:
    """Return the entry of a catalog, a schema or a volume, or of `/Volumes`."""
    return FileInfo(f"{uri}/", f"{uri.rpartition('/')[2]}/", 0, 0)
