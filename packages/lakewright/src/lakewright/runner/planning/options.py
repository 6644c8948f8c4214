"""The options of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RunOptions:
    """Parameters, selected tasks and limits of a run.

    Attributes:
        parameters: Job parameters by name; they override the defaults in the bundle.
        only: Keys of the tasks to run; all other tasks count as done. Empty for every task.
        start_from: Run this task and the tasks that depend on it; all other tasks count as done.
        resume: Reuse the successful tasks of the last failed run of this job.
        max_processes: How many tasks may run at the same time.
        classic: Whether the tasks have classic sessions instead of sessions over Connect.
        principal: Whom all tasks run as, instead of each job's `run_as`; it is held to the grants.
        git_sha: The commit of the sources; None to ask git.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    start_from: str | None = None
    resume: bool = False
    max_processes: int = 2
    classic: bool = False
    principal: str | None = None
    git_sha: str | None = None
