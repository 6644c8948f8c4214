"""Put wheels into a project: the files, their lock, and the files that name them."""

import re
from pathlib import Path

from lakewright.wheels.lock import FOLDER, lock_file, lock_of
from lakewright.wheels.names import CARRIED
from lakewright.wheels.wheel_file import Wheel

_NAMING = ("pyproject.toml", "requirements-dev.txt")


def carry(project: Path, wheels: tuple[Wheel, ...], *, index: str | None) -> None:
    """Replace the wheels of our packages in a project.

    The lock is written last: after a crash in between, `lakewright validate` reports what differs, and the same
    command completes it.

    Args:
        project: The project's folder.
        wheels: The new wheels, one for each package.
        index: The private index that they come from; None if the files belong to the project.
    """
    folder = project / FOLDER
    folder.mkdir(exist_ok=True)
    for wheel in wheels:
        _write(folder / wheel.file, wheel.content)
        for old in folder.glob(f"{wheel.name.replace('-', '_')}-*.whl"):
            if old.name != wheel.file:
                old.unlink()
    for name in _NAMING:
        file = project / name
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            if (renamed := _named(text, wheels)) != text:
                _write(file, renamed.encode())
    _write(lock_file(project), lock_of(wheels, index).text.encode())


def _named(text: str, wheels: tuple[Wheel, ...]) -> str:
    """Return a text with the new files' names and versions in place of the old ones."""
    for wheel in wheels:
        if wheel.name in CARRIED:
            stem = wheel.name.replace("-", "_")
            text = re.sub(rf"(?<=wheels/){stem}-[^\s\"'\[/]+\.whl", wheel.file, text)
            text = re.sub(rf"(\b{wheel.name}(?:\[[\w,-]+\])?==)[^\s\"',;]+", rf"\g<1>{wheel.version}", text)
    return text


def _write(file: Path, content: bytes) -> None:
    written = file.with_name(f".{file.name}.new")
    written.write_bytes(content)
    written.replace(file)
