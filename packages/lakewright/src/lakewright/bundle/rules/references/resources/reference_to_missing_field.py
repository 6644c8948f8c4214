"""LW238: A reference names a field that the resource does not have.

Source: databricks/cli, acceptance/bundle/resource_deps/non_existent_field.
"""

from collections.abc import Collection

from databricks_utils.nearest import nearest
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class ReferenceToMissingField(Rule):
    """A reference names a field that the resource does not have.

    ## What it does

    Compares the field in `${resources.jobs.load.<field>}` with those of the configuration and those that a deployed resource has. It is
    a warning if no similar field is known, since a newer version of Databricks may have the field. What stands deeper is not compared.

    ## Why is this bad?

    `databricks bundle validate` accepts the reference. The plan and the deployment stop with an error.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load: {name: load}
        main: {name: main, description: "after job ${resources.jobs.load.idd}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load: {name: load}
        main: {name: main, description: "after job ${resources.jobs.load.id}"}
    ```
    """

    code = "LW238"
    name = "reference-to-missing-field"
    severity = "error"
    fixable = "if one name is similar"
    can_be_silenced = True

    @classmethod
    def of(
        cls, text: str, field: str, known: Collection[str], *, location: Location | None, path: str
    ) -> Diagnostic:
        """Return the finding for a reference, the field it names, and the fields there are."""
        near = [f"`{text.replace(f'.{field}', f'.{name}', 1)}`" for name in nearest(field, known)]
        return cls.finding(
            f"{text} names a field that is not known: {field}",
            severity="error" if near else "warning",
            location=location,
            path=path,
            fix=f"did you mean {' or '.join(near)}?" if near else "refer to another field, such as `id`",
        )
