"""LW515: A job is unpaused in a development target, though no target says so.

Source: databricks/cli, bundle/config/mutator/resourcemutator/apply_presets.go: a `pause_status` of the job wins over that of the target.
"""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class ScheduleRunsInDevelopment(Rule):
    """A job is unpaused in a development target, though no target says so.

    ## What it does

    Reports `pause_status: UNPAUSED` of a job's trigger in a target with `mode: development`, where the value is written outside of the
    target.

    ## Why is this bad?

    Development targets pause all triggers, except those that say `UNPAUSED`. Each developer's copy of the job runs on its schedule.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: UTC, pause_status: UNPAUSED}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    targets: {dev: {mode: development}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          schedule: {quartz_cron_expression: "0 0 6 * * ?", timezone_id: UTC}
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    targets: {dev: {mode: development}}
    ```
    """

    code = "LW515"
    name = "schedule-runs-in-development"
    severity = "warning"

    @classmethod
    def of(cls, job: str, path: str) -> Diagnostic:
        """Return the finding for a job and the key path of its pause status."""
        return cls.finding(
            f"the job `{job}` is unpaused in a development target",
            path=path,
            fix="remove `pause_status` here, and write it in the targets that run the job",
        )
