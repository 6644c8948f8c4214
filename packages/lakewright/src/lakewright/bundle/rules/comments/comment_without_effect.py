"""LW002: A comment silences nothing."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class CommentWithoutEffect(Rule):
    """A comment silences nothing.

    ## What it does

    Reports `# lakewright: ignore …` when the finding that it names does not occur on its line, or on the line below a
    comment that stands alone. The finding is looked for in every target first.

    ## Why is this bad?

    The mistake was fixed or is on another line now. If somebody makes it here again, the comment hides it.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {}}}  # lakewright: ignore LW602 (the dashboard needs this key)
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks:
            # lakewright: ignore LW602 (the dashboard needs this key)
            - {task_key: load-all, condition_task: {op: LESS_THAN, left: "1", right: "2"}}
    ```
    """

    code = "LW002"
    name = "comment-without-effect"
    severity = "warning"

    @classmethod
    def of(cls, code: str, location: Location) -> Diagnostic:
        """Return the finding for a code and the place of the comment."""
        return cls.finding(
            f"the comment ignores {code}, which is not found here",
            location=location,
            fix="remove the comment, or put it at the end of the line that the finding names",
        )
