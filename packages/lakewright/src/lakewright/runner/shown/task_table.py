"""The table of a run's tasks: nested tasks as a tree; notes beside their task, or below the table if they are long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lakewright.runner.record.result import Status, TaskResult
from lakewright.runner.shown.result_text import rows_text, status_text

_COUNTED = re.compile(r"(\d+) of (\d+) (tasks|iterations) succeeded")
_NUMBER = re.compile(r"\d+")
_COLUMNS = ("task", "status", "seconds", "rows in → out")
_BETWEEN = 3  # what rich puts between two columns


@dataclass(frozen=True)
class Branch:
    """A task in the tree: its path, its depth, and the part of the path that its parent does not show."""

    key: str
    depth: int
    name: str


def print_tasks(console: Console, tasks: Mapping[str, TaskResult]) -> None:
    """Print the table, and below it the notes that are too long for it."""
    rows = [(branch, tasks[branch.key]) for branch in branches(tasks)]
    cells = [_cells(branch, result) for branch, result in rows]
    columns = [name for index, name in enumerate(_COLUMNS) if index < 3 or any(row[3].plain for row in cells)]
    room = console.width - _BETWEEN - _width(columns, cells)
    notes = [note_of(result) for _, result in rows]
    inline = [note if len(note) <= room else "" for note in notes]
    table = plain_table("tasks", *columns, *(["note"] if any(inline) else []), right=("seconds",))
    for row, note in zip(cells, inline, strict=True):
        table.add_row(*row[: len(columns)], *([Text(note)] if any(inline) else []))
    console.print(table)
    for (branch, result), note, shown in zip(rows, notes, inline, strict=True):
        # The report prints the reason of a failure in full, with its location and fix.
        if note and not shown and result.problem is None:
            console.print(Text(f"  {branch.key}: {note}"), soft_wrap=True)


def branches(keys: Iterable[str]) -> list[Branch]:
    """The tasks as a tree: parents before children, iterations by number, other tasks in the given order.

    Examples:
        >>> [(branch.depth, branch.name) for branch in branches(["a/b", "loop[1]", "loop[0]", "loop", "a"])]
        [(0, 'a'), (1, 'b'), (0, 'loop'), (1, 'loop[0]'), (1, 'loop[1]')]
    """
    known = list(keys)
    children: dict[str, list[str]] = {}
    for key in known:
        children.setdefault(_parent(key, known), []).append(key)
    first = {key: index for index, key in enumerate(known)}

    def begins(key: str) -> int:
        return min([first[key], *(begins(child) for child in children.get(key, ()))])

    def walk(parent: str, depth: int) -> Iterable[Branch]:
        below = children.get(parent, [])
        for key in sorted(below, key=lambda item: _iteration(item) or (begins(item),)):
            name = key.removeprefix(f"{parent}/") if parent else key
            yield Branch(key, depth, name)
            yield from walk(key, depth + 1)

    return list(walk("", 0))


def note_of(result: TaskResult) -> str:
    """The note beside a task. It does not repeat that all parts of a successful task succeeded."""
    attempts = f"attempt {result.attempt}" if result.attempt > 1 else ""
    notes = [note for note in result.notes if not _is_plain_success(result, note)]
    return "; ".join(part for part in (attempts, result.reason, *notes) if part)


def plain_table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """A table in the report's style; only the column `value` may wrap."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, _BETWEEN, 0, 0),
        header_style="dim",
    )
    for column in columns:
        justify: Literal["left", "right"] = "right" if column in right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=column != "value")
    return table


def _cells(branch: Branch, result: TaskResult) -> tuple[Text, ...]:
    seconds = f"{result.seconds:.1f}" if result.executed else ""
    return (
        Text("  " * branch.depth + branch.name),
        status_text(result),
        Text(seconds),
        Text(rows_text(result)),
    )


def _width(columns: list[str], cells: list[tuple[Text, ...]]) -> int:
    """The width of the columns before the note, in characters."""
    rows = [columns, *([text.plain for text in row[: len(columns)]] for row in cells)]
    return sum(max(map(len, column)) + _BETWEEN for column in zip(*rows, strict=True))


def _is_plain_success(result: TaskResult, note: str) -> bool:
    counted = _COUNTED.fullmatch(note)
    return counted is not None and result.status is Status.SUCCESS and counted[1] == counted[2]


def _parent(key: str, known: list[str]) -> str:
    """The path of the nearest known task around this one; empty if there is none."""
    while True:
        slash, bracket = key.rfind("/"), key.rfind("[") if key.endswith("]") else -1
        cut = max(slash, bracket)
        if cut <= 0:
            return ""
        key = key[:cut]
        if key in known:
            return key


def _iteration(key: str) -> tuple[int] | None:
    return (int(_NUMBER.findall(key)[-1]),) if re.search(r"\[\d+\]$", key) else None
