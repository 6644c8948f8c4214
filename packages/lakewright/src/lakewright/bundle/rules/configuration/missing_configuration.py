"""LW807: Jobs of the target read a configuration that is not there."""

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class MissingConfiguration(Rule):
    """Jobs of the target read a configuration that is not there.

    ## What it does

    Reads the parameters `env` and `config_path` of jobs and tasks, if the project uses `databricks-utils`, and reports an environment
    without a file in `config/`. A `config_path` that is not among the deployed files is not checked.

    ## Why is this bad?

    Every job of the target fails when it starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {prod: {}}
    resources:
      jobs:
        load:
          parameters: [{name: env, default: "${bundle.target}"}]
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ```yaml config/dev.yaml
    project: shop
    catalog: {name: dev_shop, schema: shop}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {prod: {}}
    resources:
      jobs:
        load:
          parameters: [{name: env, default: "${bundle.target}"}]
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
    ```

    ```yaml config/prod.yaml
    project: shop
    catalog: {name: prod_shop, schema: shop}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```
    """

    code = "LW807"
    name = "missing-configuration"
    severity = "error"
    can_be_silenced = True

    @classmethod
    def of(cls, bundle: Bundle, path: str, file: str, fix: str) -> Diagnostic:
        """Return the finding for a file that the parameter at a key path names."""
        target = f"target {bundle.target}" if bundle.target else "the bundle"
        return cls._at(bundle, path, f"{target} reads {file}, which is not there", None, fix)
