"""Where in the Python files a resource is defined or was changed: what `databricks-bundles` writes to its file of locations."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.tree import Path as KeyPath
from lakewright.bundle.model.tree import parse_path


@dataclass
class Places:
    """The places by key path; the place of a value is that of the nearest path around it."""

    by_path: dict[KeyPath, Location] = field(default_factory=dict)

    def around(self, path: KeyPath) -> Location | None:
        """Return the place of the value at a path; None if neither it nor anything around it has one."""
        for length in range(len(path), 0, -1):
            if found := self.by_path.get(path[:length]):
                return found
        return None

    @property
    def files(self) -> list[Path]:
        """The files with a place, each once."""
        return list(dict.fromkeys(place.file for place in self.by_path.values()))


def read_places(file: Path, root: Path) -> Places:
    """Return the places that a phase has written; none if there is no such file.

    Args:
        file: One JSON object a line: `{"path": "resources.jobs.load", "file": "resources.py", "line": 3, "column": 1}`.
        root: The folder that the files are relative to.

    Raises:
        ValueError: A line is no such object.
    """
    if not file.is_file():
        return Places()
    found: dict[KeyPath, Location] = {}
    for line in _lines(file):
        entry = json.loads(line)
        place = place_of(entry, root)
        if place is not None:
            found[_resource_path(str(entry["path"]))] = place
    return Places(found)


def place_of(entry: dict[str, object], root: Path) -> Location | None:
    """Return the place in an object with `file`, `line` and `column`; a missing number counts as 1."""
    if not entry.get("file"):
        return None
    numbers = [entry.get(name) for name in ("line", "column")]
    line, column = (number if isinstance(number, int) else 1 for number in numbers)
    return Location(root / str(entry["file"]), line, column)


def _lines(file: Path) -> Iterator[str]:
    yield from filter(str.strip, file.read_text(encoding="utf-8").split("\n"))


def _resource_path(text: str) -> KeyPath:
    """Return a key path; the library joins the steps with dots, so the key of a resource may hold dots itself."""
    steps = text.split(".", 2)
    if len(steps) == 3 and steps[0] == "resources" and "[" not in text:
        return tuple(steps)
    return parse_path(text)
