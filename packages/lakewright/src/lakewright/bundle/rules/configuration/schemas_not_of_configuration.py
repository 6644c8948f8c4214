"""LW808: The bundle makes other schemas than its jobs use."""

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class SchemasNotOfConfiguration(Rule):
    """The bundle makes other schemas than its jobs use.

    ## What it does

    Compares the schemas of layers that the bundle declares, such as `shop_bronze`, with `catalog` of the configuration that the jobs of
    the target read: with `catalog.name`, and with `schema` and `schema_prefix`, which the names begin with. It does so only if
    the project uses `databricks-utils` and a job has the parameter `env`.

    ## Why is this bad?

    A deployment makes the schemas, and grants rights, in one place, and the jobs write to another one: into another environment, or
    where nobody has rights.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {prod: {}}
    resources:
      jobs:
        load:
          parameters: [{name: env, default: "${bundle.target}"}]
          tasks: [{task_key: check, condition_task: {op: LESS_THAN, left: "1", right: "2"}}]
      schemas:
        bronze: {catalog_name: dev_shop, name: shop_bronze}
    ```

    ```yaml config/prod.yaml
    project: shop
    catalog: {name: prod_shop, schema: shop}
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
      schemas:
        bronze: {catalog_name: prod_shop, name: shop_bronze}
    ```

    ```yaml config/prod.yaml
    project: shop
    catalog: {name: prod_shop, schema: shop}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```
    """

    code = "LW808"
    name = "schemas-not-of-configuration"
    severity = "error"
    can_be_silenced = True

    @classmethod
    def of(  # noqa: PLR0913 - the fields of a diagnostic
        cls, bundle: Bundle, path: str, summary: str, *, detail: str, fix: str, related: Location | None
    ) -> Diagnostic:
        """Return the finding for schemas; `related` is the place in the configuration."""
        return cls.finding(
            summary,
            location=bundle.locate(path),
            path=path,
            detail=detail,
            fix=fix,
            related=(related,) if related else (),
        )
