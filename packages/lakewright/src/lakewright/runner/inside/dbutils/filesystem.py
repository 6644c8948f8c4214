"""`dbutils.fs` on this machine: `lakewright.storage` says where a path leads, and what has no place is refused."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.file_info import FileInfo, MountInfo, info_of, level_info
from lakewright.runner.inside.dbutils.mounts import Mounts
from lakewright.storage import Level, Place, Storage
from lakewright.storage.errors import above_a_volume

if TYPE_CHECKING:
    from lakewright.rights.acting import Rights

_HEAD_BYTES = 65536
_READ, _WRITE = "READ_VOLUME", "WRITE_VOLUME"
_MOUNTS = "mounts.json"


class PathNotFoundError(RunnerError, FileNotFoundError):
    """Raised when a path does not exist."""


class PathExistsError(RunnerError, FileExistsError):
    """Raised when a call would overwrite or remove more than it may."""


class FileSystem:
    """`dbutils.fs`.

    Args:
        storage: Where paths lead.
        rights: What the task's principal may do with volumes; None if nothing is refused to it.
    """

    def __init__(self, storage: Storage, rights: Rights | None = None) -> None:
        self._storage = storage
        self._rights = rights
        self._mounts = Mounts(storage.lakehouse / _MOUNTS)

    def ls(self, path: str) -> list[FileInfo]:
        """Return the entries of a folder in the order of their names, or the entry of a file."""
        place = self._storage.of(path)
        if isinstance(place, Level):
            names = (
                place.names if self._rights is None else self._rights.known_below(place.parts, place.names)
            )
            return [level_info(f"{place.uri}/{name}") for name in names]
        self._require(place, _READ)
        local = self._existing(place, path)
        if not local.is_dir():
            return [info_of(local, place.uri)]
        base = place.uri.rstrip("/")
        entries = [info_of(item, f"{base}/{item.name}") for item in local.iterdir()]
        if place.local == self._storage.dbfs:
            entries.append(level_info("dbfs:/Volumes"))
        return sorted(entries, key=lambda entry: entry.name)

    def cp(self, source: str, dest: str, recurse: bool = False) -> bool:  # noqa: FBT001, FBT002 - Databricks' order
        """Copy a file, or with `recurse` a folder's content."""
        start, end = self._readable(source), self._target(dest)
        if start.is_dir():
            self._require_below(self._place(source))
            _need_recurse(recurse, "copy", source)
            _refuse_inside(start, end, source, dest)
            shutil.copytree(start, end, dirs_exist_ok=True)
            return True
        end = end / start.name if end.is_dir() else end
        _refuse_inside(start, end, source, dest)
        end.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(start, end)
        return True

    def mv(self, source: str, dest: str, recurse: bool = False) -> bool:  # noqa: FBT001, FBT002 - as above
        """Move a file, or with `recurse` a folder's content: a copy, then a removal, as on Databricks."""
        place = self._removable(source)
        if place.local.is_dir():
            _need_recurse(recurse, "move", source)
        self.cp(source, dest, recurse)
        return self.rm(source, recurse)

    def rm(self, path: str, recurse: bool = False) -> bool:  # noqa: FBT001, FBT002 - as above
        """Remove a file, or with `recurse` a folder; return False if there is nothing to remove."""
        local = self._removable(path).local
        if local.is_symlink() or local.is_file():
            local.unlink()
        elif not local.exists():
            return False
        elif recurse or not any(local.iterdir()):
            shutil.rmtree(local)
        else:
            _need_recurse(recurse, "remove", path)
        return True

    def mkdirs(self, path: str) -> bool:
        """Create a folder and those above it, unless they exist."""
        self._target(path).mkdir(parents=True, exist_ok=True)
        return True

    def head(self, file: str, max_bytes: int = _HEAD_BYTES) -> str:
        """Return the first bytes of a file as text, and print a note if there are more."""
        local = self._readable(file)
        if local.is_dir():
            raise PathExistsError(f"`{file}` is a folder", fix="name a file of it; dbutils.fs.ls lists them")
        with local.open("rb") as stream:
            content = stream.read(max_bytes)
        if local.stat().st_size > max_bytes:
            print(f"[Truncated to first {max_bytes} bytes]", flush=True)  # noqa: T201 - as on Databricks
        return content.decode("utf-8", "replace")

    def put(self, file: str, contents: str, overwrite: bool = False) -> bool:  # noqa: FBT001, FBT002 - as above
        """Write a text file in UTF-8, and print its size.

        Raises:
            PathExistsError: It exists and `overwrite` is not set, or is a folder.
        """
        local = self._target(file)
        if local.is_dir():
            raise PathExistsError(f"`{file}` is a folder", fix="name a file below it")
        if local.exists() and not overwrite:
            raise PathExistsError(f"`{file}` exists already", location=str(local), fix="pass overwrite=True")
        local.parent.mkdir(parents=True, exist_ok=True)
        content = contents.encode()
        local.write_bytes(content)
        print(f"Wrote {len(content)} bytes.", flush=True)  # noqa: T201 - as on Databricks
        return True

    def mount(
        self,
        source: str,
        mount_point: str,
        encryption_type: str = "",
        owner: str | None = None,
        extra_configs: Mapping[str, str] | None = None,
    ) -> bool:
        """Record a mount and create its folder; the store itself is not reached, a person puts files into the folder."""
        del owner, extra_configs
        return self._mount(MountInfo(mount_point, source, encryption_type), replace=False)

    def updateMount(  # noqa: N802 - Databricks' name
        self,
        source: str,
        mount_point: str,
        encryption_type: str = "",
        owner: str | None = None,
        extra_configs: Mapping[str, str] | None = None,
    ) -> bool:
        """Record a mount in place of the one that its mount point has."""
        del owner, extra_configs
        return self._mount(MountInfo(mount_point, source, encryption_type), replace=True)

    def mounts(self) -> list[MountInfo]:
        """Return what is mounted."""
        return self._mounts.all()

    def refreshMounts(self) -> bool:  # noqa: N802 - Databricks' name
        """Return True: there is one machine, which knows its mounts."""
        return True

    def unmount(self, mount_point: str) -> bool:
        """Forget a mount; the files in its folder stay."""
        self._mounts.remove(mount_point)
        print(f"{mount_point} has been unmounted.", flush=True)  # noqa: T201 - as on Databricks
        return True

    def help(self, method: str = "") -> None:
        """Print the methods, or one of them."""
        names = [method] if method else [name for name in vars(FileSystem) if not name.startswith("_")]
        for name in names:
            found = getattr(FileSystem, name, None)
            if found is None:
                raise PathNotFoundError(
                    f"dbutils.fs has no method `{name}`", fix=choose_from(name, dir(self))
                )
            shown = ", ".join(map(str, list(inspect.signature(found).parameters.values())[1:]))
            print(f"{name}({shown}) -> {(inspect.getdoc(found) or '').splitlines()[0]}", flush=True)  # noqa: T201 - output of the task

    def _mount(self, mount: MountInfo, *, replace: bool) -> bool:
        folder = self._target(mount.mountPoint)
        self._mounts.add(mount, replace=replace)
        folder.mkdir(parents=True, exist_ok=True)
        print(  # noqa: T201 - the task's log
            f"note: a local run does not reach {mount.source}; put files for {mount.mountPoint} into {folder}",
            flush=True,
        )
        return True

    def _place(self, path: str) -> Place:
        place = self._storage.of(path)
        if isinstance(place, Level):
            raise above_a_volume(place.uri)
        return place

    def _readable(self, path: str) -> Path:
        place = self._place(path)
        self._require(place, _READ)
        return self._existing(place, path)

    def _target(self, path: str) -> Path:
        place = self._place(path)
        self._require(place, _WRITE, _READ)
        return place.local

    def _require(self, place: Place, *privileges: str) -> None:
        """Refuse a place in a volume if the principal lacks one of the privileges."""
        if self._rights is not None and place.volume is not None:
            for privilege in privileges:
                self._rights.require_on_volume(privilege, volume=place.volume, path=place.uri)

    def _require_below(self, place: Place) -> None:
        """Refuse a folder above volumes if the principal may not read one of them."""
        if self._rights is not None and self._storage.is_above_volumes(place.local):
            for volume in self._storage.volumes_below(place.local):
                self._rights.require_on_volume(_READ, volume=volume, path=place.uri)

    def _removable(self, path: str) -> Place:
        place = self._place(path)
        self._require(place, _WRITE, _READ)
        if place.is_source:
            raise PathExistsError(
                f"`{path}` is a file of the project, which dbutils.fs does not remove",
                location=str(place.local),
                fix="a workspace has a copy, here it is the original: remove it by its own path",
            )
        if place.is_root or (self._rights is not None and self._storage.is_above_volumes(place.local)):
            raise PathExistsError(
                f"`{path}` is a root, which dbutils.fs does not remove",
                location=str(place.local),
                fix="remove what is in it; DROP VOLUME removes a volume",
            )
        return place

    def _existing(self, place: Place, path: str) -> Path:
        if not place.local.exists() and place.local == self._storage.dbfs:
            place.local.mkdir(parents=True)
        if not place.local.exists():
            there = sorted(item.name for item in place.local.parent.glob("*"))
            raise PathNotFoundError(
                f"java.io.FileNotFoundException: No such file or directory: {place.uri}",
                location=str(place.local),
                fix=_fix_of_missing(place, path, there),
            )
        return place.local


def _fix_of_missing(place: Place, path: str, there: list[str]) -> str:
    if place.uri.startswith("dbfs:") and path.startswith("/") and Path(path).exists():
        return f"a path without a scheme is one of DBFS; for this machine write `file:{path}`"
    return choose_from(place.local.name, there) or f"make the folder first: dbutils.fs.mkdirs('{path}')"


def _need_recurse(recurse: bool, verb: str, path: str) -> None:  # noqa: FBT001 - passed through
    if not recurse:
        raise PathExistsError(f"`{path}` is a folder", fix=f"pass recurse=True to {verb} it with its content")


def _refuse_inside(start: Path, end: Path, source: str, dest: str) -> None:
    if end.resolve().is_relative_to(start.resolve()):
        raise PathExistsError(
            f"`{dest}` is `{source}` itself or lies inside it", fix="choose another destination"
        )
