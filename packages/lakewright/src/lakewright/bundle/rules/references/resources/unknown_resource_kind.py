"""LW223: A reference names a kind of resource that does not exist."""

from collections.abc import Iterable

from databricks_utils.nearest import did_you_mean
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownResourceKind(Rule):
    """A reference names a kind of resource that does not exist.

    ## What it does

    Compares the second word of `${resources.…}` with the kinds of resources.

    ## Why is this bad?

    The reference cannot be resolved, and a deployment fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load: {name: Load}
        main: {description: "after ${resources.job.load.id}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load: {name: Load}
        main: {description: "after ${resources.jobs.load.id}"}
    ```
    """

    code = "LW223"
    name = "unknown-resource-kind"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(
        cls, text: str, kind: str, known: Iterable[str], location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a reference, the kind it names, and the kinds there are."""
        return cls.finding(
            f"{text}: there is no kind of resource `{kind}`",
            location=location,
            path=path,
            fix=did_you_mean(kind, known) or "name a kind of resource, such as `jobs`",
        )
