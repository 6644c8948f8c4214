"""LW804: The project's own model for `extra` is not where `pyproject.toml` says, or its module fails."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnusableSettingsModel(Rule):
    """The project's own model for `extra` is not where `pyproject.toml` says, or its module fails.

    ## What it does

    Imports the module that `[tool.lakewright] settings` names, in a process of its own, and looks for the class.

    ## Why is this bad?

    `extra` is not checked, and a job that imports the module fails.

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
    settings = "shop.settings:ShopSetting"
    ```

    ```python src/shop/settings.py
    from pydantic import BaseModel

    class ShopSettings(BaseModel):
        late_after_minutes: int = 10
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

    code = "LW804"
    name = "unusable-settings-model"
    severity = "error"

    @classmethod
    def of(cls, summary: str, detail: str | None, fix: str, location: Location) -> Diagnostic:
        """Return the finding for an entry that names no model, or a module that raises."""
        return cls.finding(summary, detail=detail, location=location, fix=fix)
