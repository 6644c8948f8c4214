"""The origin of a value: the file and line, the variable or the argument that gave it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Origin:
    """The place that gave a value.

    Attributes:
        kind: What gave it.
        place: The file, the variable's name, or a word (`argument`, `default`).
        line: Line in the file, counted from 1.
        through: The variables that `${NAME}` in the value was replaced by.
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
