"""LW643: A command of a dbt task does not start with `dbt`.

Source: https://docs.databricks.com/api/jobs/v2/create-job.md (`dbt_task.commands`).
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import TaskRule


class CommandWithoutDbt(TaskRule):
    """A command of a dbt task does not start with `dbt`.

    ## What it does

    Reports a command of a `dbt_task` whose first word is not `dbt`. Commands that begin with a reference are not checked.

    ## Why is this bad?

    The API refuses the job, and the Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments: [{environment_key: dbt, spec: {environment_version: "4", dependencies: [dbt-databricks]}}]
          tasks: [{task_key: load, environment_key: dbt, dbt_task: {commands: [run], warehouse_id: 1234567890abcdef}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments: [{environment_key: dbt, spec: {environment_version: "4", dependencies: [dbt-databricks]}}]
          tasks: [{task_key: load, environment_key: dbt, dbt_task: {commands: [dbt run], warehouse_id: 1234567890abcdef}}]
    ```
    """

    code = "LW643"
    name = "command-without-dbt"
    severity = "error"

    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield each command that is none of dbt's."""
        commands = task.part("dbt_task").get("commands")
        for index, command in enumerate(commands if isinstance(commands, list) else ()):
            text = str(command).strip()
            if text.split()[:1] != ["dbt"] and not text.startswith(("${", "{{")):
                yield self.at(
                    task,
                    f"dbt_task.commands[{index}]",
                    f"a command of a dbt task starts with `dbt`: `{command}`",
                    fix=f"write `dbt {text}`",
                )
