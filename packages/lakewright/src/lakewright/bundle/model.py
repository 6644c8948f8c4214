"""What loading a bundle gives: places, diagnostics, the local overlay, and the errors that stop a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from lakewright.errors import LakewrightError

Severity = Literal["error", "warning", "recommendation"]


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file; lines and columns count from 1."""

    file: Path
    line: int
    column: int

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
    """One finding about a bundle.

    Attributes:
        severity: `error` stops a run, `warning` does not, `recommendation` is advice.
        summary: One line: what is wrong.
        detail: What was seen or tried; may have several lines.
        location: Where it is written, if it is written anywhere.
        path: The key path, such as `resources.jobs.main.tasks[0].task_key`.
        fix: What to do next.
        related: Further places that belong to the finding, the second of two definitions for instance.
    """

    severity: Severity
    summary: str
    detail: str | None = None
    location: Location | None = None
    path: str | None = None
    fix: str | None = None
    related: tuple[Location, ...] = ()


@dataclass(frozen=True)
class LocalOverlay:
    """What a local run lays over the chosen target.

    Attributes:
        variables: Values of bundle variables; they win over everything but an explicit `--var`.
        environment: The name of the environment that the result has.
        source: The environment's file; the overlay is read from it and the files that it is merged with.
        places: Where each variable's value is written.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    environment: str = "local"
    source: Path | None = None
    places: Mapping[str, Location] = field(default_factory=dict)


@dataclass(frozen=True)
class Bundle:
    """A loaded bundle: resolved for one target, with the place of every value.

    Attributes:
        root: The folder of `databricks.yml`.
        name: `bundle.name`; empty if it is missing (which is an error among the diagnostics).
        target: The chosen target.
        mode: `development`, `production` or None.
        environment: The target's name, or the local overlay's environment.
        resolved: The configuration in the shape of `databricks bundle validate -o json`.
        diagnostics: Findings in the order in which they were made.
        sync_root: The folder that `workspace.file_path` stands for; `root` or a folder above it.
        locations: The places of all values, keyed by path; the first is the one in force.
        user_source: Where the current user's name was taken from, since nobody was asked.
    """

    root: Path
    name: str
    target: str
    mode: str | None
    environment: str
    resolved: dict[str, Any]
    diagnostics: tuple[Diagnostic, ...]
    sync_root: Path
    locations: Mapping[str, tuple[Location, ...]] = field(repr=False)
    user_source: str = "unknown"

    @cached_property
    def jobs(self) -> Mapping[str, dict[str, Any]]:
        """The jobs by resource key."""
        jobs = (self.resolved.get("resources") or {}).get("jobs") or {}
        return {key: job for key, job in jobs.items() if isinstance(job, dict)}

    @property
    def has_errors(self) -> bool:
        """Whether any diagnostic is an error."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def locate(self, path: str) -> Location | None:
        """Return where the value at `path` is written, or the nearest value around it.

        Args:
            path: A key path of `resolved`, for instance `resources.jobs.main.tasks[0].task_key`.

        Returns:
            The place, or None for what no file says (a default, the chosen target's name).
        """
        while path:
            if places := self.locations.get(path):
                return places[0]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None


class BundleError(LakewrightError, ValueError):
    """Raised when a bundle cannot be used as it stands: the message holds every error that was found."""


class BundleNotFoundError(LakewrightError, FileNotFoundError):
    """Raised when neither the folder nor any folder above it holds a bundle's root file."""
