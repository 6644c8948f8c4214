"""LW312: The value of a secret stands in a file of the bundle."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class SecretInPlainText(Rule):
    """The value of a secret stands in a file of the bundle.

    ## What it does

    Reports the `value` of a secret that is not a single reference such as `${var.password}`, and the default of a
    variable that it refers to. The finding does not show the value.

    ## Why is this bad?

    Whoever can read the repository can read the secret. The Databricks CLI refuses the bundle. If the files were
    committed, the secret stays in the history: replace it.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      secrets:
        password:
          catalog_name: main
          schema_name: shop
          name: password
          value: correct-horse
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables:
      password: {description: "Set it with `export BUNDLE_VAR_password=…`."}
    resources:
      secrets:
        password:
          catalog_name: main
          schema_name: shop
          name: password
          value: ${var.password}
    ```
    """

    code = "LW312"
    name = "secret-in-plain-text"
    severity = "error"

    @classmethod
    def of_value(cls, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for the key path of a value that is written out."""
        return cls.finding(
            "the value of a secret must be a variable",
            location=location,
            path=path,
            fix="declare a variable without a default, write `value: ${var.<name>}`, "
            "and give the value with `export BUNDLE_VAR_<name>=…`",
        )

    @classmethod
    def of_default(
        cls, variable: str, location: Location | None, use: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a variable with a default, the default's place, and the secret's value."""
        return cls.finding(
            f"the variable `{variable}` holds a secret and has a default",
            location=location,
            path=path,
            fix=f"remove the default, and give the value with `export BUNDLE_VAR_{variable}=…`",
            related=(use,) if use else (),
        )
