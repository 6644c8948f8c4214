"""LW227: The bundle's name contains a reference."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class ReferenceInBundleName(Rule):
    """The bundle's name contains a reference.

    ## What it does

    Reports `${…}` in `bundle.name`.

    ## Why is this bad?

    The name is part of the path of a deployment. When the value changes, the next deployment creates all resources
    again and leaves the old ones behind.

    ## Example that fails

    ```yaml
    bundle: {name: "shop-${bundle.target}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    ```
    """

    code = "LW227"
    name = "reference-in-bundle-name"
    severity = "warning"

    @classmethod
    def of(cls) -> Diagnostic:
        """Return the finding."""
        return cls.finding(
            "Please do not use variable interpolation in the name of your bundle",
            detail="the name is part of the deployment's path: another name is another deployment",
            path="bundle.name",
            fix="write the name out",
        )
