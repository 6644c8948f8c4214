"""From a path of Databricks to a place on this machine, or to the reason why it has none.

| path | place |
|---|---|
| `/Volumes/<catalog>/<schema>/<volume>/…`, also after `dbfs:` | the volume's folder |
| `dbfs:/…` and every other bare path | the lakehouse's folder `dbfs/` |
| one of these inside the project or a configured folder | that path of the machine |
| `file:/Workspace/…` | the project's file that a deployment uploads there |
| `file:/…` | that path of the machine, inside the project, a temporary or a configured folder |
"""

from __future__ import annotations

import os
import posixpath
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from lakewright.storage import errors
from lakewright.storage.object_names import name_of
from lakewright.storage.volumes import MANAGED, Volume, Volumes
from lakewright.storage.workspace import ROOT, WorkspaceFolder, read_workspace_folder

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_LOOKS_LIKE_VOLUMES = frozenset({"Volume", "volume", "volumes"})
_VOLUME_PARTS = 3


@dataclass(frozen=True)
class Place:
    """A place for files.

    Attributes:
        uri: The path with its scheme, as Databricks shows it.
        local: The path on this machine.
        is_root: Whether it is, or holds, the root of DBFS, of a volume, of the project; it cannot be removed.
        is_source: Whether it is a file of the project by its path in the workspace: code that removes a deployed copy there must
            not remove the original here.
        volume: Catalog, schema and name of the volume that holds it, in lower case; None elsewhere.
    """

    uri: str
    local: Path
    is_root: bool = False
    is_source: bool = False
    volume: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Level:
    """`/Volumes`, or a catalog or a schema below it: it holds no files.

    Attributes:
        uri: The path with its scheme.
        names: The names below it.
        folder: The folder of the catalog whose state stands for it.
        parts: The catalog and the schema of its path.
    """

    uri: str
    names: tuple[str, ...]
    folder: Path
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Storage:
    """The storage of one project's local runs.

    Attributes:
        project: The project's root, absolute.
        local_folders: Further folders of the machine that paths may reach.
    """

    project: Path
    local_folders: tuple[Path, ...] = ()

    @property
    def lakehouse(self) -> Path:
        """The folder with the catalog, the tables, the volumes and DBFS."""
        return self.project / ".lakewright" / "lakehouse"

    @property
    def dbfs(self) -> Path:
        """The folder that the root of DBFS stands for."""
        return self.lakehouse / "dbfs"

    @cached_property
    def managed_volumes(self) -> Path:
        """The folder with the files of managed volumes."""
        return self.lakehouse / MANAGED

    @cached_property
    def managed_folders(self) -> tuple[Path, ...]:
        """`managed_volumes` as the project is written, and as it is without links."""
        return tuple(dict.fromkeys((self.managed_volumes, Path(os.path.realpath(self.managed_volumes)))))

    @property
    def workspace(self) -> WorkspaceFolder | None:
        """The folder of the workspace that the project's files stand for; None before the first run."""
        return read_workspace_folder(self.project / ".lakewright")

    @property
    def volumes(self) -> Volumes:
        """The volumes of the lakehouse."""
        return Volumes(self.lakehouse)

    def of(self, path: str) -> Place | Level:
        """Return the place of a path as Spark and `dbutils.fs` read it.

        Raises:
            NotAbsoluteError: The path is not absolute.
            RemotePathError: It is in a cloud store.
            ReservedPathError: Databricks keeps the path for itself.
            NoSuchVolumeError: Its volume, schema or catalog does not exist.
            OutsideProjectError: It is a `file:/` path that a local run does not touch.
        """
        match = _SCHEME.fullmatch(path)
        scheme, rest = (match[1].lower(), match[2]) if match else ("", path)
        if scheme not in {"", "dbfs", "file"}:
            raise errors.remote(path)
        if not rest.startswith("/") or (rest.startswith("//") and not rest.startswith("///") and scheme):
            raise errors.not_absolute(path)
        clean = "/" + posixpath.normpath(rest).lstrip("/")
        if scheme != "file":
            return self.of_dbfs(clean)
        if PurePosixPath(clean).is_relative_to(ROOT) and not self.is_local(clean):
            return self.of_workspace(clean)
        return self._on_machine(clean)

    def of_dbfs(self, clean: str) -> Place | Level:
        """Return the place of an absolute, normalised path of DBFS; one inside the project is the project's."""
        if self.is_local(clean):
            place = Path(clean)
            return Place(f"file:{clean}", place, is_root=place in self._own, volume=self._volume_of(place))
        uri = f"dbfs:{clean}"
        top, *below = clean.strip("/").split("/")
        if top == "Volumes":
            return self._in_volumes(uri, below)
        if top in _LOOKS_LIKE_VOLUMES:
            raise errors.reserved(uri)
        if top == "Workspace":
            raise errors.workspace_without_scheme(uri)
        return Place(uri, self.dbfs / clean.strip("/"), is_root=clean == "/")

    def of_workspace(self, clean: str) -> Place:
        """Return the project's file behind an absolute, normalised path below `/Workspace`.

        Raises:
            ReservedPathError: It is not one of the bundle's files.
        """
        own = self.workspace
        local = own.local(clean) if own else None
        if own is None or local is None:
            raise errors.not_of_the_bundle(f"file:{clean}", own.path if own else None)
        return Place(f"file:{clean}", local, is_root=local == own.folder, is_source=True)

    def volume_at(self, place: Path) -> tuple[str, ...] | None:
        """Return the managed volume in whose folder a place of this machine lies, or None; a volume without a record counts.

        Args:
            place: An absolute path without `.` and `..`; links in it are not followed.
        """
        for folder in self.managed_folders:
            if place.is_relative_to(folder):
                names = [name_of(part) for part in place.relative_to(folder).parts[:_VOLUME_PARTS]]
                found = tuple(name for name in names if name)
                return found if len(found) == _VOLUME_PARTS else None
        return None

    def is_above_volumes(self, place: Path) -> bool:
        """Return whether a place of this machine is a folder that holds the folders of volumes, or is one of those.

        Args:
            place: As in `volume_at`.
        """
        for folder in self.managed_folders:
            if folder.is_relative_to(place):
                return True
            if place.is_relative_to(folder):
                return len(place.relative_to(folder).parts) <= _VOLUME_PARTS
        return False

    def volumes_below(self, place: Path) -> Iterator[tuple[str, ...]]:
        """Yield the managed volumes whose folders lie in a place of this machine.

        Args:
            place: As in `volume_at`.
        """
        for folder in self.managed_folders:
            for found in folder.glob("*/*/*") if folder.exists() else ():
                volume = self.volume_at(found) if found.is_relative_to(place) else None
                if volume is not None:
                    yield volume

    def is_local(self, clean: str) -> bool:
        """Return whether a path of DBFS is one of the machine: inside the project or a configured folder."""
        return any(Path(clean).is_relative_to(folder) for folder in self._own)

    def _in_volumes(self, uri: str, parts: list[str]) -> Place | Level:
        if len(parts) < _VOLUME_PARTS:
            return self._level(uri, parts)
        names, inner = parts[:_VOLUME_PARTS], parts[_VOLUME_PARTS:]
        volume = self.volumes.find(*names)
        if volume is None:
            quoted = ".".join(f"`{name.lower()}`" for name in names)
            raise errors.no_such_volume(uri, f"Volume {quoted}", f"CREATE VOLUME {quoted}")
        folder = self._folder(volume)
        return Place(uri, folder.joinpath(*inner), is_root=not inner, volume=tuple(map(str.lower, names)))

    def _folder(self, volume: Volume) -> Path:
        """Return a volume's folder; a volume in a cloud store has one in the lakehouse in its place."""
        match = _SCHEME.fullmatch(volume.location or "")
        if volume.location and (not match or match[1].lower() in {"file", "dbfs"}):
            if match and match[1].lower() == "file":
                return Path("/" + match[2].lstrip("/"))
            place = self.of(volume.location)
            if isinstance(place, Place):
                return place.local
        return self.lakehouse / volume.folder

    def _level(self, uri: str, parts: list[str]) -> Level:
        if parts and not self.volumes.exists(*parts):
            kind = ("catalog", "schema")[len(parts) - 1]
            name = ".".join(parts)
            raise errors.no_such_volume(uri, f"{kind.capitalize()} `{name}`", f"CREATE {kind.upper()} {name}")
        names = self.volumes.names(*parts)
        return Level(uri, names, self.volumes.folder(*parts), tuple(map(str.lower, parts)))

    def _on_machine(self, clean: str) -> Place:
        real = Path(os.path.realpath(clean))
        roots = dict.fromkeys(
            Path(os.path.realpath(folder)) for folder in (*self._own, *_temporary_folders())
        )
        if not any(real.is_relative_to(root) for root in roots):
            raise errors.outside_project(f"file:{clean}", ", ".join(map(str, roots)))
        holds_a_root = any(root.is_relative_to(real) for root in roots)
        return Place(f"file:{clean}", Path(clean), is_root=holds_a_root, volume=self._volume_of(Path(clean)))

    def _volume_of(self, place: Path) -> tuple[str, ...] | None:
        return self.volume_at(place) or self.volume_at(Path(os.path.realpath(place)))

    @cached_property
    def _own(self) -> tuple[Path, ...]:
        given = (self.project, *self.local_folders)
        return tuple(dict.fromkeys((*given, *(Path(os.path.realpath(folder)) for folder in given))))


def _temporary_folders() -> tuple[Path, ...]:
    return (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - the driver's folder on Databricks
