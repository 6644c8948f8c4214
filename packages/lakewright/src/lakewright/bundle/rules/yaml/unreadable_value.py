"""LW109: A number or a tagged value cannot be read."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnreadableValue(Rule):
    """A number or a tagged value cannot be read.

    ## What it does

    Reports values that look like a number to YAML but cannot be read as one, such as `1__0` and whole numbers of more
    than 64 bits. Reports tags that are unknown, such as `!secret`, or do not fit their value.

    ## Why is this bad?

    The Databricks CLI refuses the file.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {account: {default: 12345678901234567890}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {account: {default: "12345678901234567890"}}
    ```
    """

    code = "LW109"
    name = "unreadable-value"
    severity = "error"

    @classmethod
    def of(cls, text: str, kind: str, location: Location) -> Diagnostic:
        """Return the finding for a value of a kind, such as `int`, or of an unknown one, such as `!secret`."""
        if kind.startswith("!"):
            return cls.finding(f"the tag `{kind}` is unknown", location=location, fix=f"remove `{kind}`")
        return cls.finding(
            f"`{text}` cannot be read as a value of type {kind}",
            location=location,
            fix=f'correct it, or quote it if it is text: `"{text}"`',
        )
