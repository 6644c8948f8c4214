"""The mounts of DBFS: a mount point is a folder of the local DBFS, which a person fills; its source is only recorded."""

from __future__ import annotations

import json
from pathlib import Path

from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.file_info import MountInfo


class MountError(RunnerError, ValueError):
    """Raised when a mount point is in use, is not mounted, or is not a path."""


class Mounts:
    """The mounts of one lakehouse.

    Args:
        file: The JSON file that records them.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> list[MountInfo]:
        """Return the mounts, by their mount points."""
        return [MountInfo(point, *source) for point, source in sorted(self._read().items())]

    def add(self, mount: MountInfo, *, replace: bool) -> None:
        """Record a mount.

        Raises:
            MountError: The mount point is in use and `replace` is not set, or is no absolute path below `/`.
        """
        point = _clean(mount.mountPoint)
        known = self._read()
        if point in known and not replace:
            raise MountError(
                f"java.lang.IllegalArgumentException: requirement failed: Directory already mounted: {point}",
                fix=f"dbutils.fs.updateMount(…), or dbutils.fs.unmount('{point}') first",
            )
        self._write({**known, point: [mount.source, mount.encryptionType]})

    def remove(self, point: str) -> None:
        """Forget a mount; the files in its folder stay.

        Raises:
            MountError: It is not mounted.
        """
        point, known = _clean(point), self._read()
        if point not in known:
            raise MountError(
                f"java.lang.IllegalArgumentException: requirement failed: Directory not mounted: {point}",
                detail="mounted: " + (", ".join(known) or "nothing"),
                fix="dbutils.fs.mounts() lists the mount points",
            )
        self._write({name: source for name, source in known.items() if name != point})

    def _read(self) -> dict[str, list[str]]:
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}

    def _write(self, mounts: dict[str, list[str]]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_suffix(".tmp")
        temporary.write_text(json.dumps(mounts, indent=2), encoding="utf-8")
        temporary.replace(self._file)


def _clean(point: str) -> str:
    clean = "/" + point.removeprefix("dbfs:").strip("/")
    if not point.removeprefix("dbfs:").startswith("/") or clean == "/":
        raise MountError(
            f"java.lang.IllegalArgumentException: Mount point must be an absolute path below `/`: {point}",
            fix="write e.g. /mnt/raw",
        )
    return clean
