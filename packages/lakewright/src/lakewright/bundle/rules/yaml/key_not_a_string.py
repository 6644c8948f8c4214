"""LW106: A key of a map is not plain text."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class KeyNotAString(Rule):
    """A key of a map is not plain text.

    ## What it does

    Reports a map or a list in the place of a key. Most often a value begins with `{{` and has no quotes.

    ## Why is this bad?

    YAML reads `{{job.id}}` without quotes as a map whose key is a map. No field of a bundle has such a key.

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
