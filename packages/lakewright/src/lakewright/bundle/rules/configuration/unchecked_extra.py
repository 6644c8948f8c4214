"""LW806: `extra` is used, and no model says what belongs there."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UncheckedExtra(Rule):
    """`extra` is used, and no model says what belongs there.

    ## What it does

    Looks for keys below `extra` in `config/*.yaml` of a project that uses `databricks-utils`, and for the entry
    `settings` of `[tool.lakewright]` in its `pyproject.toml`.

    ## Why is this bad?

    A misspelled key or a wrong value is found only when a job runs.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}}
    ```

    ```yaml config/dev.yaml
    project: shop
    catalog: {name: dev_shop, schema: shop}
    extra: {late_after_minutes: 15}
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
    extra: {late_after_minutes: 15}
    ```

    ```text requirements.txt
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl
    ```

    ```toml pyproject.toml
    [tool.lakewright]
    settings = "shop.settings:ShopSettings"
    ```

    ```python src/shop/settings.py
    from pydantic import BaseModel

    class ShopSettings(BaseModel):
        late_after_minutes: int = 10
    ```
    """

    code = "LW806"
    name = "unchecked-extra"
    severity = "recommendation"

    @classmethod
    def of(cls, location: Location | None) -> Diagnostic:
        """Return the finding; `location` is the first key of `extra`."""
        return cls.finding(
            "`extra` has keys that are checked only when a job runs",
            location=location,
            fix='name the model that the code reads them with, in pyproject.toml: [tool.lakewright] settings = "package.module:Class"',
        )
