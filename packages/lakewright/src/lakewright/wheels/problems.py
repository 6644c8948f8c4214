"""Compare the wheels in a project's folder with their lock."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from lakewright.wheels.lock import FOLDER, WheelLock
from lakewright.wheels.names import OURS


@dataclass(frozen=True)
class WheelProblem:
    """What is wrong with a wheel.

    Attributes:
        file: The wheel, relative to the project.
        summary: What is wrong.
        fix: What to do.
    """

    file: str
    summary: str
    fix: str


def wheel_problems(project: Path, lock: WheelLock) -> Iterator[WheelProblem]:
    """Yield the wheels that are missing, differ from the lock, or are not in it.

    A wheel that is not downloaded yet is no problem: the lock names the index.
    """
    again = "lakewright wheels update" if lock.index is None else download_line()
    for locked in lock.wheels:
        place = f"{FOLDER}/{locked.file}"
        file = project / place
        if not file.is_file():
            if lock.index is None:
                yield WheelProblem(place, f"{place} is in the lock, and the file is missing", _restore(again))
        elif hashlib.sha256(file.read_bytes()).hexdigest() != locked.sha256:
            summary = f"{place} is not the file that the lock describes: its sha256 differs"
            yield WheelProblem(place, summary, _restore(again))
    named = {locked.file for locked in lock.wheels}
    for stray in sorted(file.name for file in (project / FOLDER).glob("*.whl") if _is_ours(file)):
        if stray not in named:
            place = f"{FOLDER}/{stray}"
            yield WheelProblem(
                place,
                f"{place} is not in the lock",
                "delete it, or take new wheels: lakewright wheels update",
            )


def download_line() -> str:
    """Return the command that downloads a project's wheels from its private index; pip checks the hashes."""
    return f"pip download --no-deps --require-hashes -d {FOLDER} -r {FOLDER}/wheels.lock"


def _restore(command: str) -> str:
    return f"restore the file from git, or take the wheels again: {command}"


def _is_ours(file: Path) -> bool:
    try:
        return parse_wheel_filename(file.name)[0] in OURS
    except InvalidWheelFilename:
        return False
