"""LW506: The branch that is checked out is not the one that the target requires."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class OtherGitBranch(Rule):
    """The branch that is checked out is not the one that the target requires.

    ## What it does

    Compares `git.branch` of the target with the branch that is checked out.

    ## Why is this bad?

    The Databricks CLI refuses to deploy this target from here.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {prod: {git: {branch: main}}}
    ```

    ```console
    $ git init --quiet --initial-branch feature
    $ lakewright validate
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {prod: {git: {branch: main}}}
    ```

    ```console
    $ git init --quiet --initial-branch main
    $ lakewright validate
    ```
    """

    code = "LW506"
    name = "other-git-branch"
    severity = "warning"

    @classmethod
    def of(cls, wanted: str, actual: str) -> Diagnostic:
        """Return the finding for the branch of the target and the one that is checked out."""
        return cls.finding(
            f"not on the right Git branch: `{wanted}` is configured, `{actual}` is checked out",
            path="bundle.git.branch",
            detail="a deployment of this target is refused from here",
            fix=f"git switch {wanted}",
        )
