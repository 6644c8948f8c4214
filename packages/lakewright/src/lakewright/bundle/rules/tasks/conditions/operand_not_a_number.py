"""LW634: A condition compares text with an operator for numbers."""

import re
from collections.abc import Iterator

from lakewright.bundle.jobs.dynamic import dynamic_references
from lakewright.bundle.jobs.value_references import is_reference
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\Z")
_ORDERING = {"GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL"}


class OperandNotANumber(TaskRule):
    """A condition compares text with an operator for numbers.

    ## What it does

    Checks the two sides of `GREATER_THAN`, `LESS_THAN` and the other operators for numbers, unless they contain a
    reference.

    ## Why is this bad?

    The task fails when it runs.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "{{job.repair_count}}", right: "many"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "{{job.repair_count}}", right: "10"}}]
    ```
    """

    code = "LW634"
    name = "operand-not-a-number"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each side of an ordering that is text."""
        condition = task.part("condition_task")
        operator = str(condition.get("op") or "")
        for side in ("left", "right") if operator in _ORDERING else ():
            text = condition.get(side)
            if isinstance(text, str) and _is_final(text) and not _NUMBER.match(text.strip()):
                yield self.at(
                    task,
                    f"condition_task.{side}",
                    f"{operator} compares numbers, and `{text}` is not one",
                    fix="write a number, or use EQUAL_TO or NOT_EQUAL for text",
                )


def _is_final(text: str) -> bool:
    """Whether the text holds no reference whose value comes later."""
    return "${" not in text and not any(
        is_reference(found.parts) for found in dynamic_references([("", text)])
    )
