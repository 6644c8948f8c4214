"""`release.json`: the commit of a release, and the sha256 of each of its wheels."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from lakewright.release.errors import ReleaseError

FILE = "release.json"
_VERSION = 1
_BUILD_AGAIN = "build it again: lakewright release build -o FOLDER"


@dataclass(frozen=True, order=True)
class Wheel:
    """A wheel of a release.

    Attributes:
        path: Where a deployment takes it from, below the folder that the bundle uploads: `dist/shop-1.0-py3-none-any.whl`.
        size: Its size in bytes.
        sha256: The hash of its bytes.
    """

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a release is made of.

    Attributes:
        bundle: The bundle's name.
        commit: The commit that it was built from.
        wheels: Its wheels, sorted by path.
        folder: The bundle's folder in the repository; `.` for the repository's own.
    """

    bundle: str
    commit: str
    wheels: tuple[Wheel, ...]
    folder: str = "."


def wheel_of(file: Path, path: str) -> Wheel:
    """Return a file as a wheel of a release."""
    content = file.read_bytes()
    return Wheel(path, len(content), sha256(content).hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `release.json`."""
    content = {"release_version": _VERSION, **asdict(manifest)}
    (folder / FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a release.

    Raises:
        ReleaseError: There is none, or it is not as `write_manifest` writes it.
    """
    file = folder / FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReleaseError("the folder holds no release", location=str(file), fix=_BUILD_AGAIN) from error
    except ValueError as error:
        raise _broken(file, "it is not JSON") from error
    if not isinstance(content, dict) or content.get("release_version") != _VERSION:
        raise _broken(file, f"its `release_version` is not {_VERSION}")
    try:
        wheels = tuple(sorted(_wheel(each) for each in content["wheels"]))
        place = str(content.get("folder", "."))
        return Manifest(str(content["bundle"]), str(content["commit"]), wheels, place)
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(file, str(error)) from error


def _wheel(entry: dict[str, Any]) -> Wheel:
    wheel = Wheel(str(entry["path"]), int(entry["size"]), str(entry["sha256"]))
    parts = PurePosixPath(wheel.path).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in wheel.path:
        raise ValueError(f"`{wheel.path}` leads out of the project")
    return wheel


def _broken(file: Path, why: str) -> ReleaseError:
    return ReleaseError(
        "the manifest of the release cannot be used", detail=why, location=str(file), fix=_BUILD_AGAIN
    )
