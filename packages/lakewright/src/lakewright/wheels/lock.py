"""The lock `wheels/wheels.lock`: which wheels of our packages a project uses, with their sha256, and where they come from.

It is a requirements file, so pip itself checks the hashes.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from lakewright.wheels.errors import WheelError
from lakewright.wheels.wheel_file import Wheel, file_name

FOLDER = "wheels"
_INSIDE = re.compile(r"\./wheels/(?P<file>\S+\.whl) --hash=sha256:(?P<sha256>[0-9a-f]{64})")
_OF_AN_INDEX = re.compile(r"(?P<name>[\w.-]+)==(?P<version>\S+) --hash=sha256:(?P<sha256>[0-9a-f]{64})")
_HEAD = "# Our packages with their sha256; `lakewright wheels update` writes this file, `lakewright validate` compares."


@dataclass(frozen=True)
class LockedWheel:
    """A wheel that a project uses.

    Attributes:
        name: The package, normalised.
        version: Its version.
        sha256: The hash of the file.
    """

    name: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """The file's name in `wheels/`."""
        return file_name(self.name, self.version)


@dataclass(frozen=True)
class WheelLock:
    """The wheels that a project uses.

    Attributes:
        wheels: One for each package.
        index: The private index from which they are downloaded; None if the files belong to the project.
    """

    wheels: tuple[LockedWheel, ...]
    index: str | None = None

    @property
    def text(self) -> str:
        """The content of the file."""
        head = [_HEAD, f"--index-url {self.index}"] if self.index else [_HEAD]
        return "\n".join([*head, *map(self._line, self.wheels), ""])

    def _line(self, wheel: LockedWheel) -> str:
        what = f"{wheel.name}=={wheel.version}" if self.index else f"./{FOLDER}/{wheel.file}"
        return f"{what} --hash=sha256:{wheel.sha256}"


def lock_file(project: Path) -> Path:
    """Return the path of a project's lock."""
    return project / FOLDER / "wheels.lock"


def lock_of(wheels: tuple[Wheel, ...], index: str | None) -> WheelLock:
    """Return the lock of some wheels."""
    return WheelLock(tuple(LockedWheel(each.name, each.version, each.sha256) for each in wheels), index)


def read_lock(project: Path) -> WheelLock | None:
    """Return a project's lock; None if it has none.

    Raises:
        WheelError: A line of it cannot be read.
    """
    file = lock_file(project)
    if not file.is_file():
        return None
    index, wheels = None, []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("--index-url "):
            index = line.split(maxsplit=1)[1]
        elif line.strip() and not line.startswith("#"):
            wheels.append(_locked(line.strip(), f"{file}:{number}"))
    return WheelLock(tuple(wheels), index)


def _locked(line: str, place: str) -> LockedWheel:
    if found := _OF_AN_INDEX.fullmatch(line):
        return LockedWheel(canonicalize_name(found["name"]), found["version"], found["sha256"])
    found = _INSIDE.fullmatch(line)
    try:
        if found is None:
            raise ValueError(line)  # noqa: TRY301 - one error for both reasons
        name, version, _, _ = parse_wheel_filename(found["file"])
    except ValueError as error:
        raise WheelError(
            "the lock of the wheels has a line that cannot be read",
            location=place,
            detail=line,
            fix="write the lock again: lakewright wheels update",
        ) from error
    return LockedWheel(name, str(version), found["sha256"])
