"""What a bundle is, in the lines above its findings: name, target, user, path, and the jobs with where each task can run."""

from collections.abc import Sequence

from lakewright.bundle.classify.task import classify_task
from lakewright.bundle.classify.verdict import Kind
from lakewright.bundle.model.bundle import Bundle

_MEANS = {
    Kind.LOCAL: "runs on this machine too",
    Kind.CLOUD: "runs in a workspace only",
    Kind.CONFIG: "cannot run as it is written",
}


def summary(bundles: Sequence[Bundle]) -> str:
    """Return the summary of a bundle, loaded for one target or for several."""
    return _of_one(bundles[0]) if len(bundles) == 1 else _of_several(bundles)


def _of_one(bundle: Bundle) -> str:
    lines = [
        f"Name:    {bundle.name or 'unknown'}",
        f"Target:  {_target(bundle)}",
        f"User:    {_user(bundle)}",
        f"Path:    {_path(bundle)}",
    ]
    lines += _executed(bundle)
    jobs, kinds = [], set()
    for key, job in bundle.jobs.items():
        jobs.append(f"  {key}: {job.get('name', '')}")
        for task in job.get("tasks") or []:
            verdict = classify_task(bundle, key, task, may_build=False)
            kinds.add(verdict.kind)
            jobs.append(f"    {f'[{verdict.kind}]':<8} {task.get('task_key', '')}: {verdict.reason}")
    if jobs:
        lines.append(
            f"Jobs:    {', '.join(f'[{kind}] {_MEANS[kind]}' for kind in Kind if kind in kinds)}".rstrip()
        )
    return "\n".join([*lines, *jobs])


def _of_several(bundles: Sequence[Bundle]) -> str:
    first = bundles[0]
    lines = [f"Name:    {first.name or 'unknown'}", f"User:    {_user(first)}", *_executed(first), "Targets:"]
    for bundle in bundles:
        resources = bundle.resolved.get("resources") or {}
        count = sum(len(of_kind) for of_kind in resources.values() if isinstance(of_kind, dict))
        lines.append(f"  {_target(bundle)}: {count} resource{'s'[: count != 1]}, {_path(bundle)}")
    return "\n".join(lines)


def _executed(bundle: Bundle) -> list[str]:
    functions = bundle.executed_functions
    return [f"Python:  executed {', '.join(functions)}"] if functions else []


def _target(bundle: Bundle) -> str:
    return f"{bundle.target or 'none'}" + (f" (mode: {bundle.mode})" if bundle.mode else "")


def _user(bundle: Bundle) -> str:
    user = ((bundle.resolved.get("workspace") or {}).get("current_user") or {}).get("userName", "unknown")
    return f"{user} (from {bundle.user_source})"


def _path(bundle: Bundle) -> str:
    return str((bundle.resolved.get("workspace") or {}).get("root_path", "unknown"))
