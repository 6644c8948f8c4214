"""LW623: A condition uses an unknown operator."""

from collections.abc import Iterator

from databricks_utils.nearest import choose_from
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule

_OPERATORS = {
    "EQUAL_TO",
    "NOT_EQUAL",
    "GREATER_THAN",
    "GREATER_THAN_OR_EQUAL",
    "LESS_THAN",
    "LESS_THAN_OR_EQUAL",
}


class UnknownOperator(TaskRule):
    """A condition uses an unknown operator.

    ## What it does

    Compares `condition_task.op` with the operators of conditions.

    ## Why is this bad?

    A deployment of the job fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THEN, left: "1", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```
    """

    code = "LW623"
    name = "unknown-operator"
    severity = "error"
    fixable = "if one name is similar"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield a condition with an operator that does not exist."""
        operator = str(task.part("condition_task").get("op") or "")
        if operator and operator not in _OPERATORS:
            yield self.at(
                task,
                "condition_task.op",
                f"conditions have no operator `{operator}`",
                fix=choose_from(operator, _OPERATORS),
            )
