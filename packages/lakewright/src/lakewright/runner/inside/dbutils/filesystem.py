"""`dbutils.fs` over local files: `/Volumes/…` and `dbfs:/…` are folders below the project's `.lakewright/`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lakewright.runner.choices import choose_from
from lakewright.runner.errors import RunnerError

_HEAD_BYTES = 65536


class PathNotFoundError(RunnerError, FileNotFoundError):
    """Raised when a path does not exist."""


class PathExistsError(RunnerError, FileExistsError):
    """Raised when a call would overwrite or remove more than it may."""


class RemotePathError(RunnerError, ValueError):
    """Raised when a path is in a cloud store, which a local run does not reach."""


@dataclass(frozen=True)
class FileInfo:
    """One entry of a folder, with the fields that Databricks gives."""

    path: str
    name: str
    size: int
    modificationTime: int  # noqa: N815 - Databricks' name

    def isDir(self) -> bool:  # noqa: N802 - Databricks' name
        """Whether it is a folder."""
        return self.name.endswith("/")

    def isFile(self) -> bool:  # noqa: N802 - Databricks' name
        """Whether it is a file."""
        return not self.isDir()


class FileSystem:
    """`dbutils.fs`.

    Args:
        state: The project's `.lakewright` folder.
    """

    def __init__(self, state: Path) -> None:
        self._volumes = state / "lakehouse" / "volumes"
        self._dbfs = state / "dbfs"

    def local_path(self, path: str) -> Path:
        """The file or folder of this machine that a path stands for.

        Raises:
            RemotePathError: It is in a cloud store.
        """
        scheme, separator, rest = path.partition(":/")
        if separator and scheme == "file":
            return Path("/" + unquote(rest).lstrip("/"))
        if separator and scheme == "dbfs":
            path = "/" + rest.lstrip("/")
            return self._below(path) or self._dbfs / path.lstrip("/")
        if separator and scheme.isalnum():
            raise RemotePathError(
                f"`{path}` is in a cloud store, which a local run does not reach",
                fix="address landing files by CatalogHelper.volume_path(…): a local folder here, the store there",
            )
        return self._below(path) or Path(path)

    def _below(self, path: str) -> Path | None:
        if path.startswith("/Volumes/"):
            return self._volumes / path.removeprefix("/Volumes/")
        return self._dbfs / path.removeprefix("/dbfs/") if path.startswith("/dbfs/") else None

    def ls(self, path: str) -> list[FileInfo]:
        """The entries of a folder, or the file itself, in the order of names."""
        local = self._existing(path)
        items = sorted(local.iterdir()) if local.is_dir() else [local]
        base = path.rstrip("/") if local.is_dir() else path.rstrip("/").rpartition("/")[0]
        return [_info(item, f"{base}/{item.name}") for item in items]

    def cp(self, source: str, target: str, recurse: bool = False) -> bool:  # noqa: FBT001, FBT002 - Databricks' order
        """Copy a file, or with `recurse` a folder."""
        start, end = self._existing(source), self.local_path(target)
        if start.is_dir():
            self._need_recurse(recurse, "copy", source)
            shutil.copytree(start, end, dirs_exist_ok=True)
            return True
        end = end / start.name if end.is_dir() else end
        end.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(start, end)
        return True

    def mv(self, source: str, target: str, recurse: bool = False) -> bool:  # noqa: FBT001, FBT002 - as above
        """Move a file, or with `recurse` a folder."""
        start, end = self._existing(source), self.local_path(target)
        if start.is_dir():
            self._need_recurse(recurse, "move", source)
        end.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(start, end)
        return True

    def rm(self, path: str, recurse: bool = False) -> bool:  # noqa: FBT001, FBT002 - as above
        """Remove a file, or with `recurse` a folder; False if it does not exist."""
        local = self.local_path(path)
        if not local.exists():
            return False
        if local.is_dir() and any(local.iterdir()):
            self._need_recurse(recurse, "remove", path)
            shutil.rmtree(local)
        elif local.is_dir():
            local.rmdir()
        else:
            local.unlink()
        return True

    def mkdirs(self, path: str) -> bool:
        """Make a folder and those above it."""
        self.local_path(path).mkdir(parents=True, exist_ok=True)
        return True

    def head(self, path: str, max_bytes: int = _HEAD_BYTES) -> str:
        """The beginning of a file as text."""
        with self._existing(path).open("rb") as stream:
            return stream.read(max_bytes).decode("utf-8", "replace")

    def put(self, path: str, contents: str, overwrite: bool = False) -> bool:  # noqa: FBT001, FBT002 - as above
        """Write a text file.

        Raises:
            PathExistsError: It exists and `overwrite` is not set.
        """
        local = self.local_path(path)
        if local.exists() and not overwrite:
            raise PathExistsError(f"`{path}` exists already", location=str(local), fix="pass overwrite=True")
        local.parent.mkdir(parents=True, exist_ok=True)
        local.write_text(contents, encoding="utf-8")
        return True

    def _existing(self, path: str) -> Path:
        local = self.local_path(path)
        if not local.exists():
            there = sorted(item.name for item in local.parent.glob("*"))
            raise PathNotFoundError(
                f"`{path}` does not exist",
                location=str(local),
                fix=choose_from(local.name, there)
                if there
                else f"make the folder first: dbutils.fs.mkdirs('{path}')",
            )
        return local

    def _need_recurse(self, recurse: bool, verb: str, path: str) -> None:  # noqa: FBT001 - passed through
        if not recurse:
            raise PathExistsError(
                f"`{path}` is a folder", fix=f"pass recurse=True to {verb} it with its content"
            )


def _info(item: Path, path: str) -> FileInfo:
    facts = item.stat()
    mark = "/" if item.is_dir() else ""
    size = 0 if item.is_dir() else facts.st_size
    return FileInfo(f"{path}{mark}", f"{item.name}{mark}", size, int(facts.st_mtime * 1000))
