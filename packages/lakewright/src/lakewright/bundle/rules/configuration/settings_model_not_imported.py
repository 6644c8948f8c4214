"""LW805: The project's own model for `extra` cannot be imported on this machine."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class SettingsModelNotImported(Rule):
    """The project's own model for `extra` cannot be imported on this machine.

    ## What it does

    Reports that the module in `[tool.lakewright] settings` imports a package that is not installed here, or takes
    longer than a minute to import.

    ## Why is this bad?

    `extra` is not checked; a wrong key is found only when a job runs.

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

    ```toml pyproject.toml
    [tool.lakewright]
    settings = "shop.settings:ShopSettings"
    ```

    ```python src/shop/settings.py
    import package_of_the_cluster
    from pydantic import BaseModel

    class ShopSettings(BaseModel):
        late_after_minutes: int = package_of_the_cluster.LATE
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

    code = "LW805"
    name = "settings-model-not-imported"
    severity = "warning"

    @classmethod
    def of(cls, model: str, reason: str, location: Location) -> Diagnostic:
        """Return the finding for a module that is not imported here; `reason` is the error."""
        return cls.finding(
            f"`extra` is not checked: the model {model} cannot be imported here",
            detail=reason,
            location=location,
            fix="install the project's requirements into the environment of lakewright, or import less in this module",
        )
