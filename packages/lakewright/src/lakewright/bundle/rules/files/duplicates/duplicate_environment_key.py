"""LW132: Two environments of one job have the same key."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import JobView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import JobRule


class DuplicateEnvironmentKey(JobRule):
    """Two environments of one job have the same key.

    ## What it does

    Reports the second of two `environments` of a job with the same `environment_key`, after the target's changes.

    ## Why is this bad?

    The Jobs API requires unique keys within a job. A target often causes the second one: its tasks, job clusters and
    parameters are merged with those of the job by their key, but its environments are added to them.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments: [{environment_key: default, spec: {environment_version: "4"}}]
    targets:
      dev:
        resources:
          jobs:
            load:
              environments: [{environment_key: default, spec: {environment_version: "4", dependencies: [pytest]}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables:
      libraries: {type: complex, default: []}
    resources:
      jobs:
        load:
          environments:
            - environment_key: default
              spec: {environment_version: "4", dependencies: "${var.libraries}"}
    targets:
      dev:
        variables: {libraries: [pytest]}
    ```
    """

    code = "LW132"
    name = "duplicate-environment-key"
    severity = "error"

    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield each environment whose key another one before it has."""
        seen: set[str] = set()
        for index, environment in enumerate(job.spec.get("environments") or []):
            key = environment.get("environment_key") if isinstance(environment, dict) else None
            if key and key in seen:
                yield self.at(
                    job,
                    f"environments[{index}].environment_key",
                    f"two environments of the job {job.key} have the key `{key}`",
                    detail="a target's environments are added to those of the job, not merged with them",
                    fix="keep one; make a variable of what differs between targets: "
                    "`variables: {libraries: {type: complex, default: []}}`",
                )
            seen.add(str(key))
