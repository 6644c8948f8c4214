"""LW163: Python code changes what it may not change."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class PythonChangeNotAllowed(Rule):
    """Python code changes what it may not change.

    ## What it does

    Reports a resource that both YAML and a function of `python.resources` define, and any other change that the
    Databricks CLI refuses: `python.resources` may only add resources, `python.mutators` may only change them.

    ## Why is this bad?

    The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    python: {resources: ["jobs_of_shop:load_resources"]}
    resources: {jobs: {load: {name: Load}}}
    ```

    ```python jobs_of_shop.py
    from databricks.bundles.core import Resources


    def load_resources() -> Resources:
        resources = Resources()
        resources.add_job("load", {"name": "Load the shop"})
        return resources
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    python: {resources: ["jobs_of_shop:load_resources"]}
    resources: {jobs: {load: {name: Load}}}
    ```

    ```python jobs_of_shop.py
    from databricks.bundles.core import Resources


    def load_resources() -> Resources:
        resources = Resources()
        resources.add_job("load_again", {"name": "Load the shop"})
        return resources
    ```
    """

    code = "LW163"
    name = "python-change-not-allowed"
    severity = "error"

    @classmethod
    def of_double(cls, path: str, place: Location | None, written: Location | None) -> Diagnostic:
        """Return the finding for a resource that is defined twice."""
        return cls.finding(
            f"{path} is defined in Python and in YAML, in different ways",
            location=place,
            path=path,
            fix="give one of the two another key, or change the one in YAML by a function of `python.mutators`",
            related=[written] if written else (),
        )

    @classmethod
    def of_change(cls, what: str, path: str, place: Location | None) -> Diagnostic:
        """Return the finding for another change."""
        return cls.finding(
            f"the bundle's Python code {what}, which the Databricks CLI refuses",
            location=place,
            path=path,
            fix="let functions of `python.resources` add resources only, and functions of `python.mutators` change them only",
        )
