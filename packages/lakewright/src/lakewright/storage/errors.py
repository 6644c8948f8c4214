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
    """Raised when a path is one that Databricks keeps for itself, such as `/Volume` or `/Workspace`, or a change above a volume."""


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


def workspace_without_scheme(uri: str) -> ReservedPathError:
    """Return the error of a path of DBFS that begins with `/Workspace`."""
    return ReservedPathError(
        "`/Workspace` is not a folder of DBFS",
        location=uri,
        fix=f"write file:{uri.removeprefix('dbfs:')}, or a path relative to the notebook in Python code",
    )


def not_of_the_bundle(uri: str, own: str | None) -> ReservedPathError:
    """Return the error of a path below `/Workspace` that is none of the bundle's files.

    Args:
        uri: The path.
        own: The bundle's folder in the workspace; None if no run has written it down.
    """
    return ReservedPathError(
        "only the bundle's own workspace files are here",
        location=uri,
        detail=f"they are below {own}" if own else "no run of this project has named their folder yet",
        fix="name the project's files by a path relative to the notebook, or by ${workspace.file_path} in the bundle",
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
