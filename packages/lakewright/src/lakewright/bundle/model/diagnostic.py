"""A finding as data, and the place in a file that it is about."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "recommendation"]


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file; lines and columns count from 1.

    Attributes:
        file: The file.
        line: The line.
        column: The column.
        is_secret: Whether the line holds a secret, so that it is never shown.
    """

    file: Path
    line: int
    column: int
    is_secret: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        """Return `file:line:column`, relative to the current folder where the file is below it."""
        return f"{self.shown_file}:{self.line}:{self.column}"

    @property
    def shown_file(self) -> str:
        """The file as a person in the current folder would type it."""
        cwd = Path.cwd()
        return str(self.file.relative_to(cwd)) if self.file.is_relative_to(cwd) else str(self.file)


@dataclass(frozen=True)
class Diagnostic:
    """One finding about a bundle. Rules make it (`Rule.finding`), renderers show it.

    Attributes:
        code: The code of the rule that makes it, such as `LW602`.
        severity: `error` stops a run, `warning` does not, `recommendation` is advice.
        summary: One line: what is wrong.
        detail: What was seen or tried; may have several lines.
        location: Where it is written, if it is written anywhere.
        path: The key path, such as `resources.jobs.main.tasks[0].task_key`.
        fix: What to do next.
        related: Further places that belong to the finding, the second of two definitions for instance.
        targets: The targets that it holds for, where several were checked; empty for the one that was loaded.
    """

    code: str
    severity: Severity
    summary: str
    detail: str | None = None
    location: Location | None = None
    path: str | None = None
    fix: str | None = None
    related: tuple[Location, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def docs(self) -> str:
        """The command that explains the rule."""
        return f"lakewright explain {self.code}"
