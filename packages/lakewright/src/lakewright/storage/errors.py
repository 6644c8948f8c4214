"""Why a path of Databricks has no place on this machine.

The summaries begin with the Java exception that Databricks shows, because public code looks for its name in the text.
"""

from __future__ import annotations

from lakewright.errors import LakewrightError


class StorageError(LakewrightError):
    """Base of the errors about paths."""


class NoSuchVolumeError(StorageError, FileNotFoundError):
    """Raised when a path leads into a volume, a schema or a catalog that does not exist."""


class ReservedPathError(StorageError, PermissionError):
    """Raised when a path is one that Databricks keeps for itself, such as `/Volume`, or a change above a volume."""


class RemotePathError(StorageError, ValueError):
    """Raised when a path is in a cloud store, which a local run does not reach."""


class NotAbsoluteError(StorageError, ValueError):
    """Raised when a path does not begin with `/` or a scheme, or names a host after `dbfs://`."""


class OutsideProjectError(StorageError, PermissionError):
    """Raised when a `file:/` path is neither inside the project nor in a temporary or configured folder."""


def no_such_volume(uri: str, what: str, fix: str) -> NoSuchVolumeError:
    """Return the error of a path whose volume, schema or catalog does not exist."""
    return NoSuchVolumeError(f"java.io.FileNotFoundException: {what} does not exist", location=uri, fix=fix)


def above_a_volume(uri: str) -> ReservedPathError:
    """Return the error of a change to `/Volumes`, or to a catalog, a schema or a volume below it."""
    return ReservedPathError(
        "volumes, schemas and catalogs are not changed as folders",
        location=uri,
        fix="use SQL: CREATE VOLUME, DROP VOLUME; files and folders go below /Volumes/<catalog>/<schema>/<volume>/",
    )


def reserved(uri: str) -> ReservedPathError:
    """Return the error of a path that only looks like one of a volume."""
    return ReservedPathError(
        "ReservedPathException: this path is reserved for volumes",
        location=uri,
        fix="write /Volumes/<catalog>/<schema>/<volume>/…, with a capital V and an s",
    )


def workspace_file(uri: str) -> ReservedPathError:
    """Return the error of a path below `/Workspace`."""
    return ReservedPathError(
        "there are no workspace files in a local run",
        location=uri,
        fix="read the project's files by a path relative to the notebook: it works in both places",
    )


def remote(path: str) -> RemotePathError:
    """Return the error of a path in a cloud store."""
    return RemotePathError(
        f"`{path}` is in a cloud store, which a local run does not reach",
        fix="address the files by a volume: /Volumes/<catalog>/<schema>/<volume>/… is a local folder here, the store there",
    )


def not_absolute(path: str) -> NotAbsoluteError:
    """Return the error of a path that is not absolute."""
    return NotAbsoluteError(
        f"java.lang.IllegalArgumentException: Path must be absolute: {path}",
        fix="begin it with `/`, `dbfs:/` or `file:/` (one slash: what follows two is a host)",
    )


def outside_project(uri: str, roots: str) -> OutsideProjectError:
    """Return the error of a `file:/` path that a local run does not touch."""
    return OutsideProjectError(
        "dbutils.fs does not touch this folder of the machine",
        location=uri,
        detail=f"it may use: {roots}",
        fix="add the folder to `storage.local_folders` in config/local.yaml; a path without `file:` is one of DBFS",
    )
