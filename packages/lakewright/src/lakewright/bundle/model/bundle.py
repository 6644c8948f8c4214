"""A loaded bundle, what a local run lays over it, and the errors that stop a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lakewright.bundle.model.comment import Comment
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.model.written_secrets import WrittenSecret
from lakewright.errors import LakewrightError


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
        root: The folder of the root file.
        root_file: The root file, `databricks.yml` or one of its other names.
        name: `bundle.name`; empty if it is missing (which is an error among the diagnostics).
        targets: The names of all targets.
        target: The chosen target.
        mode: `development`, `production` or None.
        environment: The target's name, or the local overlay's environment.
        resolved: The configuration in the shape of `databricks bundle validate -o json`.
        diagnostics: Findings in the order in which they were made.
        sync_root: The folder that `workspace.file_path` stands for; `root` or a folder above it.
        locations: The places of all values, keyed by path; the first is the one in force.
        user_source: Where the current user's name comes from, since no workspace is asked.
        comments: The comments in the bundle's files that silence findings.
        is_local: Whether it is loaded for a local run, with the local overlay.
        python_left_out: Whether Python code of the bundle, which was not executed, would add or change resources.
        written_secrets: What has the form of a secret in the files, of any target.
    """

    root: Path
    root_file: Path
    name: str
    targets: tuple[str, ...]
    target: str
    mode: str | None
    environment: str
    resolved: dict[str, Any]
    diagnostics: tuple[Diagnostic, ...]
    sync_root: Path
    locations: Mapping[str, tuple[Location, ...]] = field(repr=False)
    user_source: str = "unknown"
    comments: tuple[Comment, ...] = ()
    is_local: bool = False
    python_left_out: bool = False
    written_secrets: tuple[WrittenSecret, ...] = ()

    @cached_property
    def jobs(self) -> Mapping[str, dict[str, Any]]:
        """The jobs by resource key."""
        jobs = (self.resolved.get("resources") or {}).get("jobs") or {}
        return {key: job for key, job in jobs.items() if isinstance(job, dict)}

    @property
    def cli_version(self) -> str:
        """The limits for the version of the Databricks CLI; empty if the bundle has none."""
        return str((self.resolved.get("bundle") or {}).get("databricks_cli_version") or "")

    @property
    def executed_functions(self) -> tuple[str, ...]:
        """The functions of the bundle's Python code that were executed, as `module:name`."""
        section = self.resolved.get("python") or (self.resolved.get("experimental") or {}).get("python")
        names = (
            [] if self.python_left_out else [(section or {}).get(key) for key in ("resources", "mutators")]
        )
        return tuple(str(name) for listed in names for name in listed or ())

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
