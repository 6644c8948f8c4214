"""Where a run is killed: which process, in which task, after how many writes of that task; drawn from a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VICTIMS = ("runner", "task", "engine")


@dataclass(frozen=True)
class KillPoint:
    """One kill.

    Attributes:
        victim: One of `VICTIMS`.
        task: The task that is running then, by its key: `transformation/transform_silver_gold`.
        writes: So many writes of the task come first; at least one more would follow, where the task has any.
    """

    victim: str
    task: str
    writes: int


def draw(seed: int, writes: Mapping[str, int], kills: int = len(VICTIMS)) -> list[KillPoint]:
    """Draw kills of as many kinds of process, in the order of the walk.

    Each point is equally likely, so that a task with many writes is hit more often. Each kill is in a task of its own: the kills
    before it change nothing of what this task has to do.

    Args:
        seed: What the draw depends on.
        writes: How many writes each task makes in a run without kills, in the order of the walk.
        kills: How many; at most one for each of `VICTIMS`.
    """
    chosen = random.Random(seed)
    points = [(task, number) for task, count in writes.items() for number in range(max(1, count))]
    chosen.shuffle(points)
    one_each = dict(reversed(points))
    tasks = list(dict.fromkeys(task for task, _ in points))[:kills]
    victims = chosen.sample(VICTIMS, kills)
    return [
        KillPoint(victim, task, one_each[task])
        for victim, task in zip(victims, sorted(tasks, key=list(writes).index), strict=True)
    ]


def writes_of(project: Path) -> set[Path]:
    """List what the project's runs have written: commits of tables, and models."""
    state = project / ".lakewright"
    commits = state.glob("lakehouse/tables/*/_delta_log/*.json")
    return {*commits, *state.glob("artifacts/**/MLmodel")}
