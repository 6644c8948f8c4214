"""LW235: A script holds a reference that the Databricks CLI does not resolve."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class ReferenceInScript(Rule):
    """A script holds a reference that the Databricks CLI does not resolve.

    ## What it does

    Reports `${…}` in the `content` of a script, and references in its `env` that begin with another word than
    `bundle`, `workspace`, `var` or `variables`.

    ## Why is this bad?

    The content belongs to the shell, in which `${…}` could also be a variable of the shell. The Databricks CLI refuses
    the bundle. What a script needs of the bundle is given in `env`.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {region: {default: west}}
    scripts:
      hello: {content: "echo ${var.region}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {region: {default: west}}
    scripts:
      hello:
        env: {REGION: "${var.region}"}
        content: echo "$REGION"
    ```
    """

    code = "LW235"
    name = "reference-in-script"
    severity = "error"

    @classmethod
    def of_content(cls, reference: str, script: str, path: str) -> Diagnostic:
        """Return the finding for a reference in the content of a script."""
        return cls.finding(
            f"the content of the script `{script}` holds {reference}",
            detail="the shell gets the content as it stands",
            path=path,
            fix=f"add `env: {{NAME: '{reference}'}}` to the script, and write `$NAME`; "
            "a variable of the shell is `$NAME` as well",
        )

    @classmethod
    def of_variable(cls, reference: str, path: str) -> Diagnostic:
        """Return the finding for a reference in the key path of an environment variable."""
        return cls.finding(
            f"a script cannot use {reference}",
            detail="only `${bundle.…}`, `${workspace.…}` and `${var.…}` are resolved before a script starts",
            path=path,
            fix="use a variable: `${var.<name>}`",
        )
