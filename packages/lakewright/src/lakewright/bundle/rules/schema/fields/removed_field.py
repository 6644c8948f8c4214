"""LW314: A setting does not exist any more."""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class RemovedField(BundleRule):
    """A setting does not exist any more.

    ## What it does

    Reports `experimental.pydabs`, which `python` has replaced.

    ## Why is this bad?

    The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    experimental:
      pydabs: {enabled: true}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    python:
      venv_path: .venv
    ```
    """

    code = "LW314"
    name = "removed-field"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield the section if it sets anything; `enabled: false` does not."""
        section = (view.bundle.resolved.get("experimental") or {}).get("pydabs")
        if isinstance(section, dict) and any(section.values()):
            yield self.at(
                view,
                "experimental.pydabs",
                "`experimental.pydabs` was replaced by `python`",
                fix="write `python:` with `venv_path` and `resources`",
            )
