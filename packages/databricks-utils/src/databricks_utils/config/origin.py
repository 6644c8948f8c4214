"""The origin of a value: a file and line, a variable, an argument or a default."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Origin:
    """The place from which a value was read.

    Attributes:
        kind: The kind of the place.
        place: The file, the variable's name, or text that describes the argument or default.
        line: Line in the file, counted from 1.
        through: Names of the variables that replaced `${NAME}` in the value.
    """

    kind: Literal["file", "variable", "argument", "default"]
    place: str
    line: int | None = None
    through: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.place}:{self.line}" if self.line else self.place
        if self.kind == "variable":
            place = f"environment {place}"
        return f"{place} through {', '.join(self.through)}" if self.through else place


def shown(path: Path) -> str:
    """Return a path as text, relative to the working directory if it lies below it."""
    try:
        here = Path.cwd()
    except OSError:  # the working directory was deleted
        return str(path)
    inside = here != Path(here.anchor) and path.is_relative_to(here)
    return str(path.relative_to(here) if inside else path)
