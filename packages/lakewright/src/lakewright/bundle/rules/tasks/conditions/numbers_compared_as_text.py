"""LW624: A condition compares numbers as text."""

import re
from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?\Z")
_INSTEAD = {"EQUAL_TO": "GREATER_THAN_OR_EQUAL", "NOT_EQUAL": "GREATER_THAN"}


class NumbersComparedAsText(TaskRule):
    """A condition compares numbers as text.

    ## What it does

    Reports `EQUAL_TO` and `NOT_EQUAL` where one side is a number.

    ## Why is this bad?

    These two operators compare text, so `12.0` does not equal `12`. The other operators compare numbers.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: EQUAL_TO, left: "{{job.repair_count}}", right: "0"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "{{job.repair_count}}", right: "1"}}]
    ```
    """

    code = "LW624"
    name = "numbers-compared-as-text"
    severity = "warning"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield the first side of a condition that is a number and is compared as text."""
        condition = task.part("condition_task")
        operator = str(condition.get("op") or "")
        for side in ("left", "right") if operator in _INSTEAD else ():
            text = str(condition.get(side, "")).strip()
            if _NUMBER.match(text):
                yield self.at(
                    task,
                    f"condition_task.{side}",
                    f"{operator} compares text: `12.0` and `12` differ",
                    detail=f"`{text}` looks like a number",
                    fix=f"use {_INSTEAD[operator]} or another operator that compares numbers, "
                    "or make sure that both sides are written alike",
                )
                return
