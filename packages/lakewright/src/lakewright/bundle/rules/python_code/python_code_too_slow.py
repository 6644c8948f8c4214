"""LW162: Python code of the bundle takes too long."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class PythonCodeTooSlow(Rule):
    """Python code of the bundle takes too long.

    ## What it does

    Ends the process of the bundle's Python code after 60 seconds, or after `LAKEWRIGHT_PYTHON_SECONDS`, and reports it.

    ## Why is this bad?

    The code runs each time a command loads the bundle. The Databricks CLI has no limit: there, code that waits for an answer
    which does not come stops a deployment forever.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    python: {resources: ["jobs_of_shop:load_resources"]}
    ```

    ```python jobs_of_shop.py
    from time import sleep


    def load_resources():
        sleep(3600)
    ```

    ```console
    $ LAKEWRIGHT_PYTHON_SECONDS=1 lakewright validate
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    python: {resources: ["jobs_of_shop:load_resources"]}
    ```

    ```python jobs_of_shop.py
    from databricks.bundles.core import Resources


    def load_resources() -> Resources:
        return Resources()
    ```
    """

    code = "LW162"
    name = "python-code-too-slow"
    severity = "error"

    @classmethod
    def of(
        cls, seconds: float, output: str, place: Location | None, path: str, *, function: str = ""
    ) -> Diagnostic:
        """Return the finding for code that was ended, with the last lines that it printed and the function that it was in."""
        inside = f" in `{function}`" if function else ""
        return cls.finding(
            f"the bundle's Python code did not end within {seconds:g} s and was stopped{inside}",
            detail=output or None,
            location=place,
            path=path,
            fix="let it read files of the project only, no network and no tables; for more time: "
            "`export LAKEWRIGHT_PYTHON_SECONDS=300`",
        )
