"""LW106: A key of a map is not text."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule

_KINDS = {"int": "a number", "float": "a number", "bool": "true or false", "timestamp": "a date"}


class KeyNotAString(Rule):
    """A key of a map is not text.

    ## What it does

    Reports a key that YAML reads as a number, a date, `true`, `false`, a map or a list. Most often a value begins with
    `{{` and has no quotes: YAML reads it as a map whose key is a map.

    ## Why is this bad?

    The Databricks CLI refuses the file: it reads `2024:` as a number, and `{{job.id}}` without quotes as a map whose
    key is a map.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: {{job.id}}}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: "{{job.id}}"}}}
    ```
    """

    code = "LW106"
    name = "key-not-a-string"
    severity = "error"

    @classmethod
    def of(cls, location: Location, *, brace: bool) -> Diagnostic:
        """Return the finding for a key; `brace` says whether it begins with a brace."""
        fix = 'quote a value that begins with braces: `"{{…}}"`' if brace else 'quote it: `"…": value`'
        return cls.finding("a key must be a plain string", location=location, fix=fix)

    @classmethod
    def of_value(cls, text: str, kind: str, location: Location) -> Diagnostic:
        """Return the finding for a key that YAML reads as another kind of value, such as `int`."""
        return cls.finding(
            f"a key must be a plain string, and YAML reads `{text}` as {_KINDS.get(kind, f'`{kind}`')}",
            location=location,
            fix=f'quote it: `"{text}": …`',
        )
