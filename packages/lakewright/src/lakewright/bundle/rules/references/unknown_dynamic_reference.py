"""LW231: A `{{…}}` reference names something that jobs do not offer."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing, nearest
from lakewright.bundle.jobs.dynamic import DynamicReference
from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule

# Source: the dynamic value references in the documentation of Lakeflow Jobs.
_MEMBERS = {
    "job": {"id", "name", "run_id", "repair_count", "start_time", "parameters", "trigger"},
    "task": {"name", "run_id", "execution_count", "notebook_path"},
    "workspace": {"id", "url"},
}
_OF_TASKS = {
    "values",
    "result_state",
    "error_code",
    "execution_count",
    "notebook_path",
    "run_id",
    "output",
    "outcome",
}
_ROOTS = {"job", "task", "tasks", "input", "workspace", "backfill"}


class UnknownDynamicReference(TaskRule):
    """A `{{…}}` reference names something that jobs do not offer.

    ## What it does

    Compares the `{{…}}` references of tasks with the dynamic value references of Lakeflow Jobs.

    ## Why is this bad?

    A job replaces only the references that it knows. The others reach the task as text.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "{{job.runid}}", right: "2"}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "{{job.run_id}}", right: "2"}}]
    ```
    """

    code = "LW231"
    name = "unknown-dynamic-reference"
    severity = "warning"
    fixable = "where one name is near"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield the references with an unknown first or second word, and unknown fields of tasks."""
        for reference in task.dynamic_references:
            root, *rest = reference.parts
            if root not in _ROOTS:
                yield from self._unknown_root(task, reference, root)
            elif root in _MEMBERS and rest[0] not in _MEMBERS[root]:
                yield self.at(
                    task,
                    reference.field,
                    f"`{reference.text}`: `{root}` has no `{rest[0]}`",
                    detail=f"it has {listing(_MEMBERS[root])}",
                    fix=did_you_mean(rest[0], _MEMBERS[root]) or "correct the reference",
                )
            elif root == "tasks" and len(rest) > 1 and rest[1] not in _OF_TASKS:
                yield from self._unknown_field(task, reference, *rest[:2])

    def _unknown_root(self, task: TaskView, reference: DynamicReference, root: str) -> Iterator[Diagnostic]:
        """Yield a finding if the first word is nearly right; other text in braces may be meant as text."""
        if near := nearest(root, _ROOTS):
            yield self.at(
                task,
                reference.field,
                f"`{reference.text}` is not a reference that jobs know",
                fix=f"did you mean `{reference.text.replace(root, near[0], 1)}`?",
            )

    def _unknown_field(
        self, task: TaskView, reference: DynamicReference, source: str, field: str
    ) -> Iterator[Diagnostic]:
        if source in task.job.upstream.get(task.key, frozenset()):
            yield self.at(
                task,
                reference.field,
                f"`{reference.text}`: a task has no `{field}`",
                detail=f"it has {listing(_OF_TASKS)}",
                fix=did_you_mean(field, _OF_TASKS)
                or f"for a task value write `{{{{tasks.{source}.values.{field}}}}}`",
            )
