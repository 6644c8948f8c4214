"""From a path that Python code uses to the path on this machine; paths outside of the mounts stay as they are."""

from __future__ import annotations

import errno
import os
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from lakewright.storage import Level, Place, Storage
from lakewright.storage.errors import NoSuchVolumeError, StorageError
from lakewright.storage.fuse.held_folders import HeldFolders
from lakewright.storage.fuse.path_text import text_of

_MOUNTS = ("Volumes", "dbfs", "Workspace")
# Databricks reserves them: they are misspelt paths of volumes, and a real folder of this name would hide the mistake.
_MISSPELT = ("Volume", "volumes", "volume")
_FIRST = tuple(f"/{name}" for name in (*_MOUNTS, *_MISSPELT))
_MAY_BE_A_MOUNT = re.compile(r"//|/\./|/\.\.")
_PARTS_OF_A_VOLUME = 4
_LSTAT = os.lstat  # the system's own: the one in its place would ask here again


READ, WRITE = "READ_VOLUME", "WRITE_VOLUME"


class VolumeRights(Protocol):
    """What a principal may do with the files of volumes; `lakewright.rights.acting` has one."""

    def require_on_volume(self, *privileges: str, volume: tuple[str, ...], path: str) -> None:
        """Raise a PermissionError if the principal has none of the privileges on the volume."""

    def known_below(self, parts: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
        """Return the names in a catalog or a schema that are shown to the principal."""


@dataclass(frozen=True)
class MountedPath:
    """A path below a mount.

    Attributes:
        text: The path as the code wrote it; below a mount without `.` and `..`.
        target: What it stands for.
        rights: What the principal of this process may do; None if nothing is refused to it.
    """

    text: str
    target: Place | Level
    rights: VolumeRights | None = None

    @property
    def names(self) -> list[str]:
        """The names below a level that the principal may know of; none below another path."""
        if not isinstance(self.target, Level):
            return []
        names = self.target.names
        return list(names if self.rights is None else self.rights.known_below(self.target.parts, names))

    @property
    def for_knowing(self) -> str:
        """The path on this machine, for what a file is and not what is in it: the right to read or to write will do.

        Raises:
            PermissionError: The principal has neither.
        """
        self._require(READ, WRITE)
        return self._local

    @property
    def for_reading(self) -> str:
        """The path on this machine; a level above the volumes is the catalog's own folder, which is read only.

        Raises:
            PermissionError: The principal may not read the volume.
        """
        self._require(READ)
        return self._local

    def for_opening(self, *, reads: bool, writes: bool) -> str:
        """The path on this machine, of what is opened; whoever writes needs the right to read too.

        Raises:
            PermissionError: The principal may not read, or not write, the volume.
        """
        if writes:
            self._require(WRITE)
        return self.for_reading if reads or writes else self._local

    def for_writing(self) -> str:
        """The path on this machine, of what is not a level above the volumes.

        Raises:
            PermissionError: The principal may not write, or not read, the volume.
            OSError: It is a level.
        """
        if isinstance(self.target, Level):
            raise not_supported(self.text, "volumes, schemas and catalogs are changed by SQL")
        return self.for_opening(reads=True, writes=True)

    @property
    def _local(self) -> str:
        return str(self.target.folder if isinstance(self.target, Level) else self.target.local)

    def _require(self, *privileges: str) -> None:
        if self.rights is not None and isinstance(self.target, Place) and self.target.volume is not None:
            self.rights.require_on_volume(*privileges, volume=self.target.volume, path=self.text)

    def for_removing(self) -> str:
        """The path on this machine, of what may be removed.

        Raises:
            OSError: As `for_replacing`, or it is a file of the project.
        """
        self._check_is_no_source()
        return self.for_replacing()

    def check_content_is_removable(self) -> None:
        """Raise if it is, or holds, files of the project, which are originals; a workspace has copies.

        Raises:
            PermissionError: The principal may not write, or not read, the volume.
            OSError: It does.
        """
        self._require(WRITE)
        self._require(READ)
        self._check_is_no_source()

    def _check_is_no_source(self) -> None:
        if isinstance(self.target, Place) and self.target.is_source:
            raise not_supported(self.text, "this is the project's original; remove it by its own path")

    def for_replacing(self) -> str:
        """The path on this machine, of what may be renamed.

        Raises:
            OSError: It is a volume, a level above, or the root of DBFS.
        """
        local = self.for_writing()
        if isinstance(self.target, Place) and self.target.is_root:
            raise not_supported(self.text, "it is a root; DROP VOLUME removes a volume")
        return local


class Mounts:
    """The mounts of one project.

    Args:
        storage: Where paths lead.
        rights: What the principal of this process may do; None if nothing is refused to it.
    """

    def __init__(self, storage: Storage, rights: VolumeRights | None = None) -> None:
        self._storage = storage
        self._rights = rights
        # Whoever is held to grants is held to them by the folders behind volumes too.
        self._held = None if rights is None else HeldFolders(storage)
        storage.is_local("/")  # it follows links once, before the functions that do so ask here

    @property
    def are_held(self) -> bool:
        """Whether a principal is held to grants here."""
        return self._held is not None

    def find(
        self, path: Any, *, in_folder: str | None = None, at_descriptor: Any = None
    ) -> MountedPath | None:
        """Return the path below a mount, or None for any other path, file descriptor or value.

        Args:
            path: The path.
            in_folder: What a relative path begins at; by default the current folder.
            at_descriptor: The descriptor of a folder that a relative path begins at; such a path is not seen.

        Raises:
            OSError: It is below a mount and has no place, with the number that a cluster's mount gives.
        """
        text = text_of(path)
        if not text:
            return None
        if text.startswith(_FIRST) or (text.startswith("/") and _MAY_BE_A_MOUNT.search(text)):
            clean = "/" + posixpath.normpath(text).lstrip("/")
            top = clean[1:].partition("/")[0]
            if top in _MOUNTS or top in _MISSPELT:
                if self._storage.is_local(clean) or self._is_disk(clean, top):
                    return None if self._held is None else self._behind(clean, None)
                return MountedPath(clean, self._target(clean, top), self._rights)
        if self._held is None or (at_descriptor is not None and not text.startswith("/")):
            return None
        return self._behind(text, in_folder)

    def _behind(self, text: str, folder: str | None) -> MountedPath | None:
        """Return a path of this machine that is in a volume's folder, for a principal that is held to grants."""
        place = None if self._held is None else self._held.find(text, folder)
        return None if place is None else MountedPath(text, place, self._rights)

    def check_holds_no_volume(self, path: Any, *, at_descriptor: Any = None) -> None:
        """Raise if a path is a folder above those of volumes, and the principal is held to grants: it would lose all of them.

        Args:
            path: A path that is about to be removed or to get another name.
            at_descriptor: As in `find`.

        Raises:
            OSError: It is one.
        """
        text = text_of(path)
        if self._held is None or text is None or (at_descriptor is not None and not text.startswith("/")):
            return
        if self._held.above(text) is not None:
            raise not_supported(text, "it holds the files of volumes; DROP VOLUME removes a volume")

    def check_volumes_below(
        self, path: Any, *, writes: bool, in_folder: str | None = None, in_state: bool = False
    ) -> None:
        """Ask for the rights on all volumes below a folder, of a principal that is held to grants.

        Args:
            path: A path.
            writes: Whether files may be changed by it.
            in_folder: As in `find`.
            in_state: As in `HeldFolders.above`.

        Raises:
            PermissionError: The principal lacks a right on one of them.
        """
        text = text_of(path)
        place = (
            None
            if self._held is None or text is None
            else self._held.above(text, in_folder, in_state=in_state)
        )
        if place is None or text is None:
            return
        for volume in self._storage.volumes_below(place):
            inner = Place(f"file:{place}", place, volume=volume)
            MountedPath(text, inner, self._rights).for_opening(reads=True, writes=writes)

    def _target(self, clean: str, top: str) -> Place | Level:
        inner = clean.removeprefix("/dbfs") or "/"
        try:
            if top == "Workspace":
                return self._storage.of_workspace(clean)
            return self._storage.of_dbfs(inner if top == "dbfs" else clean)
        except NoSuchVolumeError as error:
            raise _as_os_error(error, clean, errno.ENOENT) from None
        except StorageError as error:
            raise _as_os_error(error, clean, errno.EOPNOTSUPP) from None

    def _is_disk(self, clean: str, top: str) -> bool:
        """Return whether the machine has this folder, and the lakehouse has no such catalog: a disk of macOS, a data folder."""
        second = clean.split("/")[2:3]
        if top in _MISSPELT or (top == "Volumes" and second and not self._storage.volumes.exists(*second)):
            return _exists_on_disk("/".join(["", top, *second]))
        return False


def _exists_on_disk(path: str) -> bool:
    try:
        _LSTAT(path)
    except OSError:
        return False
    return True


def cannot_make_volume(path: str) -> OSError | None:
    """Return the error of creating a folder where a volume would be, or None if the path is deeper."""
    clean = posixpath.normpath(path)
    if clean.startswith("/Volumes/") and clean.count("/") <= _PARTS_OF_A_VOLUME:
        name = ".".join(f"`{part}`" for part in clean.split("/")[2:])
        return not_supported(clean, f"CREATE VOLUME {name}")
    return None


def not_supported(path: str, fix: str) -> OSError:
    """Return the error that a cluster's mount raises for a change that it does not support."""
    return OSError(errno.EOPNOTSUPP, f"{os.strerror(errno.EOPNOTSUPP)} (fix: {fix})", path)


def _as_os_error(error: StorageError, path: str, number: int) -> OSError:
    reason = f"{error.summary}: {error.detail}" if error.detail else error.summary
    return OSError(number, f"{os.strerror(number)} ({reason}; fix: {error.fix})", path)
