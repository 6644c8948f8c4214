"""LW003: A comment tries to silence an error that cannot be silenced."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class CommentOnAnError(Rule):
    """A comment tries to silence an error that cannot be silenced.

    ## What it does

    Reports `# lakewright: ignore …` at an error that the Databricks CLI reports too, or whose value is
    missing from the bundle.

    ## Why is this bad?

    Silence would not help: the deployment fails all the same. The error is still reported.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: Load}}}
    permissions:
      - level: CAN_VIEW_ALL  # lakewright: ignore LW524 (to be decided)
        group_name: analysts
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: Load}}}
    permissions:
      - level: CAN_VIEW
        group_name: analysts
    ```
    """

    code = "LW003"
    name = "comment-on-an-error"
    severity = "warning"

    @classmethod
    def of(cls, code: str, location: Location) -> Diagnostic:
        """Return the finding for a code and the place of the comment."""
        return cls.finding(
            f"the error {code} cannot be silenced",
            location=location,
            fix="fix the error and remove the comment",
        )
