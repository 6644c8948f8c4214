"""LW628: The inputs of a for-each task are not a JSON list."""

import json
from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class InputsNotAList(TaskRule):
    """The inputs of a for-each task are not a JSON list.

    ## What it does

    Checks `for_each_task.inputs`, unless they contain a reference.

    ## Why is this bad?

    The task fails when it starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: check_each
              for_each_task:
                inputs: "1, 2"
                task: {task_key: check, condition_task: {op: LESS_THAN, left: "{{input}}", right: "2"}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            - task_key: check_each
              for_each_task:
                inputs: "[1, 2]"
                task: {task_key: check, condition_task: {op: LESS_THAN, left: "{{input}}", right: "2"}}
    ```
    """

    code = "LW628"
    name = "inputs-not-a-list"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a for-each task whose inputs are written out and are not a list."""
        inputs = str(task.part("for_each_task").get("inputs") or "")
        if inputs and "{{" not in inputs and "${" not in inputs and not _is_json_list(inputs):
            yield self.at(
                task,
                "for_each_task.inputs",
                "the inputs of a for-each task must be a JSON list",
                detail=f"they are `{inputs}`",
                fix="""write `inputs: '["a", "b"]'`, or a reference such as `{{tasks.x.values.list}}`""",
            )


def _is_json_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False
