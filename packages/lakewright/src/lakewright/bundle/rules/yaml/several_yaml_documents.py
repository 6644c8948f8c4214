"""LW103: A file contains more than one YAML document."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class SeveralYamlDocuments(Rule):
    """A file contains more than one YAML document.

    ## What it does

    Reports a second `---` in a file.

    ## Why is this bad?

    The Databricks CLI refuses a file with more than one document.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    ---
    resources: {jobs: {load: {}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW103"
    name = "several-yaml-documents"
    severity = "error"

    @classmethod
    def of(cls, location: Location) -> Diagnostic:
        """Return the finding for the place where the second document begins."""
        return cls.finding(
            "the file holds more than one YAML document",
            location=location,
            fix="keep one document in a file: remove the `---`, or move what follows it to a file of its own",
        )
