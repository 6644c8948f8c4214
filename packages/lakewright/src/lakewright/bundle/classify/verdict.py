"""The verdict on a task, and the task that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Location


class Kind(StrEnum):
    """Where a task can run."""

    LOCAL = "LOCAL"
    CLOUD = "CLOUD"
    CONFIG = "CONFIG"


@dataclass(frozen=True)
class Verdict:
    """What a local run does with a task.

    Attributes:
        kind: `LOCAL` runs, `CLOUD` is skipped and reported, `CONFIG` is broken.
        reason: Why, in a line; for `LOCAL`, what runs.
        location: Where the reason is written.
        fix: What to do about it, if there is a way.
        left_out: Whether the project itself leaves a `CLOUD` task out of local runs: what follows it runs all the same.
    """

    kind: Kind
    reason: str
    location: Location | None = None
    fix: str | None = None
    left_out: bool = False


@dataclass(frozen=True)
class TaskOfJob:
    """A task to judge, with its job and its key path; `may_build` as in `classify_task`."""

    bundle: Bundle
    job_key: str
    task: Mapping[str, Any]
    path: str
    may_build: bool = True

    @property
    def job(self) -> Mapping[str, Any]:
        """The configuration of the job."""
        return self.bundle.jobs[self.job_key]

    def at(self, field: str) -> Location | None:
        """Return where a field of the task is written."""
        return self.bundle.locate(f"{self.path}.{field}")

    def verdict(self, kind: Kind, reason: str, field: str, fix: str | None = None) -> Verdict:
        """Return a verdict that rests on a field of the task."""
        return Verdict(kind, reason, self.at(field), fix)

    def is_from_git(self, source: object) -> bool:
        """Return whether the workspace checks the code out of a git repository, given the task's `source`."""
        return source == "GIT" or bool(self.job.get("git_source") and source != "WORKSPACE")


def shown(bundle: Bundle, file: Path) -> str:
    """Return a file's name as a person reads it: relative to the bundle where it lies below it."""
    return file.relative_to(bundle.root).as_posix() if file.is_relative_to(bundle.root) else str(file)
