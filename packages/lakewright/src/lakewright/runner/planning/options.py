"""What the caller of a run asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RunOptions:
    """Parameters, selection and limits of a run.

    Attributes:
        parameters: Job parameters by name; they win over the defaults of the bundle.
        only: Keys of the only tasks to run; the tasks before them count as done.
        start_from: Key of the first task to run; the tasks before it count as done.
        resume: Reuse the successful tasks of the last run of this job if that run failed.
        max_processes: How many tasks may run at once.
        classic: Each task has a JVM of its own; then tasks run one after the other.
        git_sha: The commit of the sources; None to ask git.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    start_from: str | None = None
    resume: bool = False
    max_processes: int = 2
    classic: bool = False
    git_sha: str | None = None
