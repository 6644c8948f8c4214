"""The origin of a value: a file and line, a variable, an argument or a default."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# Which variables a `.env` file set, as JSON: {"file": path, "lines": {name: line}}. `lakewright` sets it.
ENV_FILE_VARIABLE = "LAKEWRIGHT_ENV_FILE"


@dataclass(frozen=True, slots=True)
class Origin:
    """The place from which a value was read.

    Attributes:
        kind: The kind of the place.
        place: The file, the variable's name, or text that describes the argument or default.
        line: Line in the file, counted from 1.
        through: The variables that `${NAME}` in the value was replaced by; the variable itself if a `.env` file set it.
    """

    kind: Literal["file", "variable", "argument", "default"]
    place: str
    line: int | None = None
    through: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.place}:{self.line}" if self.line else self.place
        if self.kind == "variable" and self.line is None:
            place = f"environment {place}"
        return f"{place} through {', '.join(self.through)}" if self.through else place


def origin_of_variable(name: str, environ: Mapping[str, str]) -> Origin:
    """Return the origin of an environment variable: the line of the `.env` file that set it, else the variable."""
    found = _line_of(name, environ)
    return Origin("variable", found[0], found[1], (name,)) if found else Origin("variable", name)


def named(name: str, environ: Mapping[str, str]) -> str:
    """Return a variable's name, with the line of the `.env` file if one set it: `TEAM (.env:3)`."""
    found = _line_of(name, environ)
    return f"{name} ({found[0]}:{found[1]})" if found else name


def _line_of(name: str, environ: Mapping[str, str]) -> tuple[str, int] | None:
    try:
        known = json.loads(environ.get(ENV_FILE_VARIABLE, "{}"))
        return shown(Path(known["file"])), int(known["lines"][name])
    except (ValueError, TypeError, KeyError):
        return None


def shown(path: Path) -> str:
    """Return a path as text, relative to the working directory if it lies below it."""
    try:
        here = Path.cwd()
    except OSError:  # the working directory was deleted
        return str(path)
    inside = here != Path(here.anchor) and path.is_relative_to(here)
    return str(path.relative_to(here) if inside else path)
