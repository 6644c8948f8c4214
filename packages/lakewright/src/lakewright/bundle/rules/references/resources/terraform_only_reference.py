"""LW237: A reference names a field that only the engine `terraform` knows.

Source: databricks/cli, bundle/config/validate/tf_only_references.go; the fields are those of its version 1.9.0, without nested ones.
"""

from lakewright.bundle.model.diagnostic import Diagnostic, Location, Severity
from lakewright.bundle.rules.base import Rule

FIELDS = {
    "apps": frozenset({"no_compute"}),
    "clusters": frozenset({"idempotency_token", "is_pinned", "no_wait", "url"}),
    "dashboards": frozenset({"dashboard_change_detected", "md5"}),
    "database_instances": frozenset({"purge_on_delete"}),
    "experiments": frozenset({"description"}),
    "jobs": frozenset(
        {
            "always_running",
            "control_run_state",
            "max_retries",
            "min_retry_interval_millis",
            "retry_on_timeout",
            "url",
        }
    ),
    "model_serving_endpoints": frozenset({"endpoint_url", "serving_endpoint_id"}),
    "pipelines": frozenset({"expected_last_modified", "url"}),
    "schemas": frozenset({"force_destroy"}),
    "secret_scopes": frozenset({"initial_manage_principal"}),
    "sql_warehouses": frozenset({"data_source_id", "no_wait"}),
}


class TerraformOnlyReference(Rule):
    """A reference names a field that only the engine `terraform` knows.

    ## What it does

    Reports references such as `${resources.jobs.load.url}`: fields that a Terraform resource has and a resource of a bundle lacks.
    It is a warning if the engine is `terraform`, where such a reference has a value.

    ## Why is this bad?

    The engine `direct`, which counts where none is set, cannot resolve it, and the Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop, engine: direct}
    resources:
      jobs:
        load: {name: load}
        main: {name: main, description: "see ${resources.jobs.load.url}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop, engine: direct}
    resources:
      jobs:
        load: {name: load}
        main: {name: main, description: "see job ${resources.jobs.load.id}"}
    ```
    """

    code = "LW237"
    name = "terraform-only-reference"
    severity = "error"

    @classmethod
    def of(cls, text: str, severity: Severity, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a reference."""
        return cls.finding(
            f"{text} has a value only with the engine `terraform`",
            severity=severity,
            location=location,
            path=path,
            fix="refer to another field, such as `id`, or write the value in place of the reference",
        )
