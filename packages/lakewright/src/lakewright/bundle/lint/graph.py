"""The graph of a job's tasks: keys, dependencies, outcomes, cycles."""

from collections.abc import Iterable, Iterator, Mapping

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.lint.view import JobView
from lakewright.bundle.model import Diagnostic


def check_graph(job: JobView) -> Iterator[Diagnostic]:
    """Yield what is wrong with the keys and dependencies of a job's tasks."""
    yield from _keys(job)
    yield from _dependencies(job)
    cycle = find_cycle(
        {task.key: [key for key in job.parents(task.key) if key in job.by_key] for task in job.tasks}
    )
    if cycle:
        yield job.by_key[cycle[0]].finding(
            "error",
            f"tasks of the job {job.key} wait for each other: {' → '.join(cycle)}",
            "depends_on",
            detail="an arrow points to the task that is waited for",
            fix="remove one of these `depends_on`",
        )


def _keys(job: JobView) -> Iterator[Diagnostic]:
    for task in job.tasks:
        if not task.key:
            yield task.finding("error", "a task has no task_key", fix="add `task_key: …`")
        elif "-" in task.key:
            yield task.finding(
                "warning",
                f"the task key `{task.key}` holds a dash",
                "task_key",
                detail=f"`{{{{tasks.{task.key}.values.…}}}}` cannot name it without backticks",
                fix=f"call it `{task.key.replace('-', '_')}`",
            )


def _dependencies(job: JobView) -> Iterator[Diagnostic]:
    for task in job.tasks:
        for index, parent in enumerate(task.spec.get("depends_on") or []):
            key = str(parent.get("task_key") or "")
            field = f"depends_on[{index}]"
            if key not in job.by_key:
                others = [other for other in job.by_key if other != task.key]
                yield task.finding(
                    "error",
                    f"the task `{task.key}` depends on `{key}`, which the job {job.key} does not have",
                    f"{field}.task_key",
                    detail=f"it has {listing(job.by_key)}",
                    fix=did_you_mean(key, others) or "correct the key or remove the dependency",
                )
                continue
            outcome = parent.get("outcome")
            if outcome is None:
                continue
            if not job.by_key[key].spec.get("condition_task"):
                yield task.finding(
                    "error",
                    f"the outcome of `{key}` is asked for, but it is not a condition task",
                    f"{field}.outcome",
                    fix=f"remove `outcome`, or make `{key}` a `condition_task`",
                )
            elif str(outcome) not in {"true", "false"}:
                yield task.finding(
                    "error",
                    f'the outcome of a condition is "true" or "false", not `{outcome}`',
                    f"{field}.outcome",
                    fix='write `outcome: "true"` or `outcome: "false"`',
                )


def check_run_job_cycles(
    runs: Mapping[str, Iterable[str]], jobs: Mapping[str, JobView]
) -> Iterator[Diagnostic]:
    """Yield a finding if jobs run each other in a circle.

    Args:
        runs: For each job, the jobs that its tasks run.
        jobs: The jobs by key.
    """
    cycle = find_cycle({key: list(others) for key, others in runs.items()})
    if cycle:
        job = jobs[cycle[0]]
        yield job.finding(
            "error",
            f"jobs run each other without end: {' → '.join(cycle)}",
            job.path,
            fix="remove one of these `run_job_task`",
        )


def find_cycle(graph: Mapping[str, list[str]]) -> list[str]:
    """Return one cycle of a graph, its first node repeated at the end; empty if there is none.

    Examples:
        >>> find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]})
        ['b', 'c', 'b']
    """
    done: set[str] = set()
    for start in graph:
        trail: list[str] = []
        pending = [(start, iter(graph.get(start, ())))] if start not in done else []
        trail += [start] if pending else []
        while pending:
            node, following = pending[-1]
            child = next(following, None)
            if child is None:
                pending.pop()
                trail.pop()
                done.add(node)
            elif child in trail:
                return [*trail[trail.index(child) :], child]
            elif child not in done:
                trail.append(child)
                pending.append((child, iter(graph.get(child, ()))))
    return []
