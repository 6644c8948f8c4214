"""Write docs/reference/jobs.md from the tables of references and fields; with --check, fail if the page is stale."""

from pathlib import Path

from generated_file import write_or_compare

from lakewright.bundle.jobs.local_fields import FIELDS
from lakewright.bundle.jobs.value_references import REFERENCES, TIMES
from lakewright.bundle.schema.types import fields_of

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "jobs.md"
INTRODUCTION = """\
# Jobs in a local run

<!-- Written by scripts/jobs_page.py from packages/lakewright/src/lakewright/bundle/jobs. -->

What a local run does with the references, conditions and fields of a job.

## References

Text in double braces is a reference if its first word is `job`, `task`, `tasks`, `input`, `workspace` or `backfill`, or if it is
one of the old names at the end of the table. Any other text in braces, such as `{{customer.name}}`, reaches the task as it is. A
reference of these families that is not in the table, such as `{{job.naem}}`, is an error in `lakewright validate`, in the dry run
and in the run, as [Databricks refuses it](https://docs.databricks.com/aws/en/jobs/dynamic-value-references).

A task key, parameter name or key of a task value with other characters than letters, digits and underscores needs backticks, as
in `` {{job.parameters.`p-q`}} ``; without them the reference is an error too.

Values are data: text in braces inside a task value, an element of a loop or a parameter from a calling job is not replaced.
Parameters of the command line may hold references, as the defaults may. `task`, `tasks` and `input` have no value in a job
parameter, because the parameters get their values before the first task starts. Databricks does not document that case; here it
is an error.

A task with a reference that has no value here is `[CLOUD]`. A job parameter with one is refused; give it a value with `--param`.
"""
RUN_IF = """\
## Which tasks run

| `run_if` | runs if | otherwise | with a disabled dependency |
|---|---|---|---|
| `ALL_SUCCESS` (default) | all dependencies succeeded | upstream failed | does not run |
| `AT_LEAST_ONE_SUCCESS` | one dependency succeeded | upstream failed | runs if another one succeeded |
| `NONE_FAILED` | no dependency failed, and one ran | upstream failed | runs if another one did not fail |
| `ALL_DONE` | all dependencies have ended | | runs |
| `AT_LEAST_ONE_FAILED` | one dependency failed | excluded | runs if another one failed |
| `ALL_FAILED` | all dependencies failed | excluded | does not run |

A dependency that was excluded (the other branch of a condition, a `run_if` for failures that did not happen) counts as
successful. If all dependencies were excluded, so is the task. A disabled task never runs, whatever the tasks before it did. A
task that needs a workspace is neither a success nor a failure: what needs its result is skipped. Sources: [run
if](https://docs.databricks.com/aws/en/jobs/run-if), [disabled tasks](https://docs.databricks.com/aws/en/jobs/disabled-tasks).

A run succeeds if no task on which nothing depends failed. A run in which nothing was executed fails; so does one in which only
conditions and loops were, because the other tasks need a workspace.
"""
FIELD_TITLES = {
    "Job": "Fields of a job",
    "Task": "Fields of a task",
    "ClusterSpec": "`new_cluster`",
    "NotebookTask": "`notebook_task`",
    "SparkPythonTask": "`spark_python_task`",
    "PythonWheelTask": "`python_wheel_task`",
    "SqlTask": "`sql_task`",
    "ConditionTask": "`condition_task`",
    "ForEachTask": "`for_each_task`",
    "RunJobTask": "`run_job_task`",
    "TaskDependency": "`depends_on`",
    "JobParameterDefinition": "`parameters` of a job",
}


def page() -> str:
    """Return the text of the page."""
    rows = [
        f"| `{{{{{reference.pattern}}}}}` | {reference.here or f'no value: {reference.missing}'} |"
        for reference in REFERENCES
    ]
    times = ", ".join(f"`{time}`" for time in TIMES)
    references = "\n".join(["| reference | here |", "|---|---|", *rows])
    fields = [f"## {title}\n\n{_fields(kind)}" for kind, title in FIELD_TITLES.items()]
    times_line = (
        f"`<time>` is one of {times}; `iso_datetime` has no time zone here, which Databricks does not document. "
        "`<key…>` may have further steps, such as `values.rows[0].name`."
    )
    return "\n\n".join([INTRODUCTION.strip(), references, times_line, RUN_IF.strip(), *fields]) + "\n"


def _fields(kind: str) -> str:
    known = FIELDS[kind]
    ordered = sorted(fields_of(kind), key=lambda name: list(known).index(name))
    rows = [f"| `{name}` | {known[name].use} | {known[name].note} |" for name in ordered]
    return "\n".join(["| field | here | |", "|---|---|---|", *rows])


def main() -> None:
    """Write the page, or compare it."""
    write_or_compare(PAGE, page(), "make findings")


if __name__ == "__main__":
    main()
