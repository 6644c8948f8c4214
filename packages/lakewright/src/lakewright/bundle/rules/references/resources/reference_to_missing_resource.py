"""LW224: A reference names a resource that the bundle does not define."""

from collections.abc import Sequence

from databricks_utils.nearest import nearest
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ReferenceToMissingResource(Rule):
    """A reference names a resource that the bundle does not define.

    ## What it does

    Compares the key in `${resources.jobs.<key>…}` with the resources of that kind, those that Python code defines among them. If this
    code was not executed, nothing is compared.

    ## Why is this bad?

    The reference has no value, and a deployment fails.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load: {name: Load}
        main: {description: "after ${resources.jobs.laod.id}"}
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

    code = "LW224"
    name = "reference-to-missing-resource"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(  # noqa: PLR0913 - the parts of the reference and its place
        cls, text: str, kind: str, key: str, known: Sequence[str], *, location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a reference, the kind and key it names, and the keys there are."""
        near = [f"`{text.replace(f'.{key}', f'.{name}', 1)}`" for name in nearest(key, known)]
        return cls.finding(
            f"reference does not exist: {text}",
            detail=f"`resources.{kind}` holds {', '.join(known) or 'nothing'}",
            location=location,
            path=path,
            fix=f"did you mean {' or '.join(near)}?"
            if near
            else f"define `resources.{kind}.{key}`, or correct the name",
        )
