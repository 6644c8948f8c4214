"""LW231: A `{{…}}` reference names a value that jobs do not have."""

from collections.abc import Iterator

from databricks_utils.nearest import did_you_mean, listing, nearest
from lakewright.bundle.jobs.dynamic import DynamicReference
from lakewright.bundle.jobs.value_references import FAMILIES, is_reference, mistake_in
from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class UnknownDynamicReference(JobRule):
    """A `{{…}}` reference names a value that jobs do not have.

    ## What it does

    Compares the `{{…}}` references in tasks and in the defaults of job parameters with the [references that jobs
    know](jobs.md). A text in braces is no reference if its first word is not `job`, `task`, `tasks`, `input`,
    `workspace` or `backfill`. If it is similar to one of these words, a warning is reported.

    A name with other characters than letters, digits and underscores needs backticks in a reference: a parameter `p-q`
    is `` {{job.parameters.`p-q`}} ``.

    ## Why is this bad?

    Databricks refuses an unknown reference that begins with one of these words, such as `{{job.naem}}`, and the task
    fails. The task receives other text in braces as it is.

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
    severity = "error"
    fixable = "if one name is similar"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield the references of a known family that do not exist, and text that is nearly a reference."""
        for reference in job.in_parameters:
            yield from self._finding(job, reference, reference.field)
        for task in job.all_tasks:
            base = task.path.removeprefix(f"{job.path}.")
            for reference in task.in_braces:
                yield from self._finding(job, reference, f"{base}.{reference.field}")

    def _finding(self, job: JobView, reference: DynamicReference, field: str) -> Iterator[Diagnostic]:
        root = reference.parts[0]
        if not is_reference(reference.parts):
            if len(reference.parts) > 1 and (near := nearest(root, FAMILIES)):
                summary = f"`{reference.text}` is not a reference that jobs know"
                fix = f"did you mean `{reference.text.replace(root, near[0], 1)}`?"
                path = f"{job.path}.{field}"
                where = job.bundle.locate(path)
                yield self.finding(summary, severity="warning", location=where, path=path, fix=fix)
        elif mistake := mistake_in(reference.parts, reference.unescaped):
            yield self.at(
                job,
                field,
                f"`{reference.text}`: {mistake.summary}",
                detail=f"`{mistake.good}` has {listing(mistake.known)}" if mistake.known else None,
                fix=mistake.fix or _fix(reference, mistake.wrong, mistake.known),
            )


def _fix(reference: DynamicReference, wrong: str, known: tuple[str, ...]) -> str:
    if reference.parts[0] == "tasks" and len(reference.parts) == 3 and not nearest(wrong, known):
        source, key = reference.parts[1:]
        return f"for a task value write `{{{{tasks.{source}.values.{key}}}}}`"
    return did_you_mean(wrong, known) or "correct the reference"
