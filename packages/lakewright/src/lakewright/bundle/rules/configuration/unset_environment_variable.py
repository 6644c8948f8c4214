"""LW802: The configuration uses an environment variable that is not set here."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnsetEnvironmentVariable(Rule):
    """The configuration uses an environment variable that is not set here.

    ## What it does

    Reports `${NAME}` in `config/*.yaml` if there is no environment variable `NAME` and no default in the file.

    ## Why is this bad?

    If the variable is not set where the job runs either, the job fails when it starts.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}}
    ```

    ```yaml config/dev.yaml
    project: shop
    catalog: {name: "dev_${TEAM_OF_THE_SHOP}", schema: shop}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}}
    ```

    ```yaml config/dev.yaml
    project: shop
    catalog: {name: dev_shop, schema: shop}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```
    """

    code = "LW802"
    name = "unset-environment-variable"
    severity = "warning"

    @classmethod
    def of(cls, summary: str, detail: str | None, fix: str | None, location: Location | None) -> Diagnostic:
        """Return the finding for what the configuration's loader reports."""
        return cls.finding(summary, detail=detail, location=location, fix=fix)
