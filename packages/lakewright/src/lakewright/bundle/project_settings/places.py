"""A place as the configuration's loader writes it, `file:line`, as a place of a finding."""

import re
from pathlib import Path

from lakewright.bundle.model.diagnostic import Location

_PLACE = re.compile(r"(?P<file>.+?\.(?:ya?ml|py)):(?P<line>\d+)(?::(?P<column>\d+))?\Z")


def place_of(text: str | None) -> Location | None:
    """Return a place that is written as `file:line`, relative to the current folder, if the file exists."""
    found = _PLACE.match(text or "")
    if found is None:
        return None
    file = Path.cwd() / found["file"]
    return Location(file, int(found["line"]), int(found["column"] or 1)) if file.is_file() else None
