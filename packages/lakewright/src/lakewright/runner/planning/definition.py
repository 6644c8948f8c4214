"""Hashes of a job's definition: a failed run can be resumed only if the hash has not changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.bundle import Bundle, jobs_run_by
from lakewright.runner.planning.graph import JobPlan

DIRTY = "-dirty"
_SHA = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True)
class Definition:
    """Hashes of a job and of the jobs that it runs.

    Attributes:
        commit: The commit of the sources; the hashes ignore it, because a job may name it.
        job: The hash of the whole definition.
        tasks: Hashes by job and task, to report which task has changed.
    """

    commit: str
    job: str
    tasks: Mapping[str, str]


def definition_of(bundle: Bundle, plan: JobPlan, *, commit: str) -> Definition:
    """The hashes of a job and of all jobs that it runs, directly or through other jobs."""
    found: dict[str, Mapping[str, Any]] = {plan.key: plan.spec}
    waiting = [plan.spec]
    while waiting:
        for key in jobs_run_by(bundle, waiting.pop()):
            if key not in found:
                found[key] = bundle.jobs[key]
                waiting.append(bundle.jobs[key])
    tasks = {
        str(task.get("task_key")) if key == plan.key else f"{key}.{task.get('task_key')}": _mark(task, commit)
        for key, job in found.items()
        for task in job.get("tasks") or []
    }
    return Definition(commit, _mark(found, commit), tasks)


def without_commit(text: str, commit: str) -> str:
    """The text with the commit, clean or dirty, replaced by a placeholder."""
    sha = commit.removesuffix(DIRTY)
    return re.sub(f"{sha}({DIRTY})?", "<commit>", text) if _SHA.fullmatch(sha) else text


def _mark(value: Any, commit: str) -> str:
    text = without_commit(json.dumps(value, sort_keys=True, default=str), commit)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
