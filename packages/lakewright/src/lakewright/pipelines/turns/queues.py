"""Deployments that wait for their turn: what ends one halfway, or lets another one take its place."""

from collections.abc import Iterator
from collections.abc import Mapping as Trees

from lakewright.pipelines.reading import Mapping
from lakewright.pipelines.weakness import Weakness


def check_queues(workflows: Trees[str, object], deploying: frozenset[str]) -> Iterator[Weakness]:
    """Yield what can end or displace a deployment in the workflows of GitHub.

    Of the runs that wait in a group GitHub keeps the newest alone, and a run that waits for an approval may hold the group.
    Source: https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency

    Args:
        workflows: What `read_yaml` made of each workflow, by its path.
        deploying: Those that deploy, also by calling another one.
    """
    groups: dict[str, str] = {}
    for file in sorted(deploying & set(workflows)):
        tree = workflows[file]
        if not isinstance(tree, Mapping):
            continue
        jobs = tree.get("jobs")
        for holder in (tree, *(jobs.values() if isinstance(jobs, Mapping) else ())):
            yield from _ended(file, holder)
        group = _group(tree)
        if group in groups:
            yield Weakness(
                file,
                tree.line_of("concurrency"),
                "lost-deployment",
                f"{groups[group]} waits in the group `{group}`, too: one that waits for an approval holds the other up",
                "give each workflow a group of its own; the job that deploys has one for the target",
            )
        elif group:
            groups[group] = file


def _group(holder: Mapping) -> str:
    given = holder.get("concurrency")
    return str(given.get("group", "")) if isinstance(given, Mapping) else str(given or "")


def _ended(file: str, holder: object) -> Iterator[Weakness]:
    given = holder.get("concurrency") if isinstance(holder, Mapping) else None
    if isinstance(given, Mapping) and str(given.get("cancel-in-progress", False)).lower() != "false":
        yield Weakness(
            file,
            given.line_of("cancel-in-progress"),
            "lost-deployment",
            "a newer run ends a deployment halfway, also a rollback",
            "write `cancel-in-progress: false`",
        )
