"""LW003: A comment tries to silence an error that cannot be silenced."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class CommentOnAnError(Rule):
    """A comment tries to silence an error that cannot be silenced.

    ## What it does

    Reports `# lakewright: ignore …` beside an error of two kinds: the Databricks CLI reports it too, or a value is
    missing from the bundle because of it.

    ## Why is this bad?

    The comment has no effect: the error is still reported. Without the report the deployment would fail all the same.

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
