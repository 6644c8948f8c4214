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


def draw(seed: int, writes: Mapping[str, int]) -> list[KillPoint]:
    """Draw one kill for each kind of process, in the order of the walk.

    Each is in a task of its own, so that the kills before it change nothing of what the task has to do.

    Args:
        seed: What the draw depends on.
        writes: How many writes each task makes in a run without kills, in the order of the walk.
    """
    chosen = random.Random(seed)
    tasks = sorted(chosen.sample(list(writes), len(VICTIMS)), key=list(writes).index)
    victims = chosen.sample(VICTIMS, len(VICTIMS))
    return [
        KillPoint(victim, task, chosen.randrange(max(1, writes[task])))
        for victim, task in zip(victims, tasks, strict=True)
    ]


def writes_of(project: Path) -> set[Path]:
    """List what the project's runs have written: commits of tables, and models."""
    state = project / ".lakewright"
    commits = state.glob("lakehouse/tables/*/_delta_log/*.json")
    return {*commits, *state.glob("artifacts/**/MLmodel")}
