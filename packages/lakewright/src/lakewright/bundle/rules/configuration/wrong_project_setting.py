"""LW803: A key of `extra` is not what the project's own model wants."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class WrongProjectSetting(Rule):
    """A key of `extra` is not what the project's own model wants.

    ## What it does

    Loads `extra` of every environment with the model that `pyproject.toml` names:
    `[tool.lakewright] settings = "package.module:Class"`. Reports unknown keys, missing keys and wrong values.

    ## Why is this bad?

    The job that reads the key fails, perhaps after the steps before it have run for an hour.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {}}
    ```

    ```yaml config/dev.yaml
    project: shop
    catalog: {name: dev_shop, schema: shop}
    extra: {late_afer_minutes: 15}
    ```

    ```toml pyproject.toml
    [tool.lakewright]
    settings = "shop.settings:ShopSettings"
    ```

    ```python src/shop/settings.py
    from pydantic import BaseModel, ConfigDict


    class ShopSettings(BaseModel):
        model_config = ConfigDict(extra="forbid")
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
    from pydantic import BaseModel, ConfigDict


    class ShopSettings(BaseModel):
        model_config = ConfigDict(extra="forbid")
        late_after_minutes: int = 10
    ```
    """

    code = "LW803"
    name = "wrong-project-setting"
    severity = "error"

    @classmethod
    def of(cls, summary: str, detail: str | None, fix: str | None, location: Location | None) -> Diagnostic:
        """Return the finding for what the project's model refuses."""
        return cls.finding(summary, detail=detail, location=location, fix=fix)
