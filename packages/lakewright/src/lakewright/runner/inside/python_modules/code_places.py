"""Where project code is, as a person finds it: the file seen from the project, and the cell of a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class CodePlaces:
    """Places in the code of one task.

    Attributes:
        root: The project's folder.
        cells: For each file or code name of a notebook: first line, last line, number of each cell.
    """

    root: str
    cells: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)

    def where(self, filename: str, line: int) -> str:
        """`notebooks/x.py:17 (cell 3)`."""
        shown = self.shown(filename)
        for first, last, number in self.cells.get(filename, ()):
            if first <= line <= last:
                if shown.endswith(f" cell {number}"):  # an `.ipynb` counts the lines of each cell anew
                    return f"{shown}, line {line}"
                return f"{shown}:{line} (cell {number})"
        return f"{shown}:{line}"

    def shown(self, filename: str | Path) -> str:
        """A file as seen from the project."""
        path = Path(filename)
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(filename)

    def is_project(self, filename: str) -> bool:
        """Whether a file is the project's own code."""
        if filename in self.cells:
            return True
        return Path(filename).is_relative_to(self.root) and "site-packages" not in filename
