"""The dynamic value references of Lakeflow Jobs: one list for `validate`, the dry run and the run.

Text in double braces is a reference if its first word is one of `FAMILIES`, or if it is `{{input}}` or one of the old names
without a dot. Any other text in braces stays as it is. A reference of a family that is not in the list is an error.

Source: https://docs.databricks.com/aws/en/jobs/dynamic-value-references and, for table updates,
    https://docs.databricks.com/aws/en/jobs/trigger-table-update
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

TIMES = (
    "iso_weekday",
    "is_weekday",
    "iso_date",
    "iso_datetime",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "timestamp_ms",
)


class Level(StrEnum):
    """Where a reference has a value."""

    JOB = "job"
    TASK = "task"
    LOOP = "loop"


@dataclass(frozen=True)
class ValueReference:
    """One kind of reference.

    Attributes:
        pattern: Its steps, joined by dots. `<time>` is one of `TIMES`, `<name>` any one step, `<name…>` one or more.
        here: What a local run puts in its place; empty if a local run has no value.
        level: `JOB` references also work in job parameters, `TASK` references in tasks, `LOOP` references in the task
            that a for-each task repeats.
        missing: Why a local run has no value.
    """

    pattern: str
    here: str = ""
    level: Level = Level.JOB
    missing: str = ""

    @property
    def steps(self) -> list[str]:
        """The steps of the pattern."""
        return self.pattern.split(".")

    def fits(self, parts: Sequence[str]) -> bool:
        """Whether the steps of a reference fit the whole pattern."""
        steps = self.steps
        enough = len(parts) >= len(steps) if steps[-1].endswith("…>") else len(parts) == len(steps)
        return enough and all(map(_step_fits, steps, parts))


_BACKFILL = "a local run is not a backfill"
_TABLE_UPDATE = "no table update starts a local run"

REFERENCES = (
    ValueReference("job.id", "a number that belongs to the job's key"),
    ValueReference(
        "job.name",
        "the job's name, with `presets.name_prefix`; without the prefix of `mode: development`, such as `[dev ana] `",
    ),
    ValueReference(
        "job.run_id",
        "the number of the run; another one in each run and in each called job, the same after `--resume`",
    ),
    ValueReference("job.repair_count", "how often the run was resumed with `--resume`"),
    ValueReference("job.start_time.<time>", "when the run started, in UTC"),
    ValueReference("job.parameters.<name>", "the parameter's value"),
    ValueReference("job.trigger.type", "`one_time`; `run_job_task` in a called job"),
    ValueReference("job.trigger.time.<time>", "when the run started, in UTC"),
    ValueReference(
        "job.trigger.file_arrival.location", "the `url` of the job's file arrival trigger, if any"
    ),
    ValueReference("job.trigger.table_update.updated_tables", missing=_TABLE_UPDATE),
    ValueReference("job.trigger.table_update.<catalog>.<schema>.<table>.version", missing=_TABLE_UPDATE),
    ValueReference(
        "job.trigger.table_update.<catalog>.<schema>.<table>.commit_timestamp.<time>", missing=_TABLE_UPDATE
    ),
    ValueReference("task.name", "the key of the task; in a loop, of the repeated task", Level.TASK),
    ValueReference("task.run_id", "a number; another one for each attempt and each iteration", Level.TASK),
    ValueReference(
        "task.execution_count", "1 for the first attempt, then one more for each retry", Level.TASK
    ),
    ValueReference("task.notebook_path", "the notebook's path as the bundle has it", Level.TASK),
    ValueReference("tasks.<task>.run_id", "as `task.run_id`, of the last attempt", Level.TASK),
    ValueReference("tasks.<task>.result_state", "`success`, `failed`, `timedout`, `excluded` …", Level.TASK),
    ValueReference("tasks.<task>.error_code", "`RunExecutionError` after a failure, else empty", Level.TASK),
    ValueReference("tasks.<task>.execution_count", "how many attempts the task had", Level.TASK),
    ValueReference("tasks.<task>.notebook_path", "as `task.notebook_path`", Level.TASK),
    ValueReference("tasks.<task>.values.<key…>", "the task value; further steps go into it", Level.TASK),
    ValueReference(
        "tasks.<task>.output.rows", "the rows of a SQL file's last statement: 1,000, 48 KiB", Level.TASK
    ),
    ValueReference("tasks.<task>.output.first_row", "the first of these rows", Level.TASK),
    ValueReference("tasks.<task>.output.first_row.<column>", "a column of it", Level.TASK),
    ValueReference(
        "tasks.<task>.output.alert_state", level=Level.TASK, missing="alerts run only in a workspace"
    ),
    ValueReference("input", "the element of the iteration", Level.LOOP),
    ValueReference("input.<key…>", "a part of the element", Level.LOOP),
    ValueReference("workspace.id", "`0`"),
    ValueReference("workspace.url", "`local`"),
    ValueReference("backfill.<time>", missing=_BACKFILL),
    ValueReference("job_id", "old name of `job.id`"),
    ValueReference("run_id", "old name of `task.run_id`", Level.TASK),
    ValueReference("parent_run_id", "old name of `job.run_id`"),
    ValueReference("task_key", "old name of `task.name`", Level.TASK),
    ValueReference("task_retry_count", "one less than `task.execution_count`", Level.TASK),
    ValueReference("start_date", "old name of `job.start_time.iso_date`"),
    ValueReference("start_time", "old name of `job.start_time.timestamp_ms`"),
)
FAMILIES = frozenset(reference.steps[0] for reference in REFERENCES if "." in reference.pattern)
_SINGLE = frozenset(reference.pattern for reference in REFERENCES if "." not in reference.pattern)


@dataclass(frozen=True)
class Mistake:
    """A reference of a known family that is not in the list, or is not written as Databricks reads it.

    Attributes:
        good: The steps that are right, joined by dots.
        wrong: The step after them; empty if steps are missing.
        known: What may stand in its place.
        needs_backticks: Whether the wrong step only lacks backticks.
    """

    good: str
    wrong: str
    known: tuple[str, ...]
    needs_backticks: bool = False

    @property
    def summary(self) -> str:
        """What is wrong, in one line."""
        if self.needs_backticks:
            return f"`{self.wrong}` needs backticks"
        if self.wrong and self.known:
            return f"`{self.good}` has no `{self.wrong}`"
        return f"nothing may follow `{self.good}`" if self.wrong else f"`{self.good}` is not complete"

    @property
    def fix(self) -> str:
        """What to do, where that is sure; otherwise it is one of the known steps."""
        return f"put backticks around `{self.wrong}`" if self.needs_backticks else ""


def is_reference(parts: Sequence[str]) -> bool:
    """Whether text in braces with these steps is a reference; other text stays as it is.

    Examples:
        >>> is_reference(("job", "naem")), is_reference(("customer", "name")), is_reference(("run_id",))
        (True, False, True)
    """
    return parts[0] in (FAMILIES if len(parts) > 1 else _SINGLE)


def find_reference(parts: Sequence[str]) -> ValueReference | None:
    """The entry of the list for the steps of a reference.

    Examples:
        >>> find_reference(("tasks", "load", "values", "rows")).pattern
        'tasks.<task>.values.<key…>'
    """
    return next((reference for reference in REFERENCES if reference.fits(parts)), None)


def mistake_in(parts: Sequence[str], unescaped: str = "") -> Mistake | None:
    """What is wrong with a reference; None if it is in the list.

    Args:
        parts: Its steps.
        unescaped: The step that lacks backticks, if there is one.

    Examples:
        >>> mistake_in(("job", "naem")).summary
        '`job` has no `naem`'
    """
    if find_reference(parts) is not None:
        before = parts[: parts.index(unescaped)] if unescaped else ()
        return Mistake(".".join(before), unescaped, (), needs_backticks=True) if unescaped else None
    good = next(count for count in range(len(parts), 0, -1) if _followers(parts[:count]) is not None)
    wrong = parts[good] if good < len(parts) else ""
    return Mistake(".".join(parts[:good]), wrong, _followers(parts[:good]) or ())


def _followers(parts: Sequence[str]) -> tuple[str, ...] | None:
    """The steps that may follow these; None if no reference begins with these."""
    begun = [
        reference.steps
        for reference in REFERENCES
        if len(reference.steps) >= len(parts) and all(map(_step_fits, reference.steps, parts))
    ]
    next_steps = [steps[len(parts)] for steps in begun if len(steps) > len(parts)]
    words = [word for step in next_steps for word in (TIMES if step == "<time>" else (step,))]
    return tuple(dict.fromkeys(words)) if begun else None


def _step_fits(expected: str, part: str) -> bool:
    if expected == "<time>":
        return part in TIMES
    return expected.startswith("<") or expected == part
