"""LW506: The branch that is checked out is not the one that the target requires."""

import shlex

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
    def of(cls, wanted: str, actual: str, *, is_there: bool) -> Diagnostic:
        """Return the finding for the branch of the target and the one that is checked out.

        Args:
            wanted: The branch of the target.
            actual: The branch that is checked out.
            is_there: Whether the repository or a remote has the branch of the target.
        """
        new = "" if is_there else "-c "
        return cls.finding(
            f"not on the right Git branch: `{wanted}` is configured, `{actual}` is checked out",
            path="bundle.git.branch",
            detail="a deployment of this target is refused from here"
            + ("" if is_there else f"; the repository has no branch `{wanted}` yet"),
            fix=f"git switch {new}{shlex.quote(wanted)}",
        )
