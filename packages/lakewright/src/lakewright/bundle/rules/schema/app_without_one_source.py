"""LW316: An app has no source, two sources, or the folder of another app.

Source: databricks/cli, bundle/apps/validate.go.
"""

from collections.abc import Iterator

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule


class AppWithoutOneSource(BundleRule):
    """An app has no source, two sources, or the folder of another app.

    ## What it does

    Reports an app with neither or both of `source_code_path` and `git_source`, and two apps with one `source_code_path`.

    ## Why is this bad?

    The Databricks CLI refuses the bundle. Two apps in one folder overwrite each other's configuration.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      apps:
        portal: {name: portal}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      apps:
        portal: {name: portal, source_code_path: ./portal}
    ```

    ```python portal/app.py
    print("hello")
    ```
    """

    code = "LW316"
    name = "app-without-one-source"
    severity = "error"
    can_be_silenced = False

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each app whose source is not one of its own."""
        seen: dict[str, str] = {}
        for key, app in view.resources("apps").items():
            path = f"resources.apps.{key}"
            folder, git = app.get("source_code_path"), app.get("git_source")
            if not folder and git is None:
                yield self.at(
                    view, path, f"the app `{key}` has no source", fix="add `source_code_path` or `git_source`"
                )
            elif folder and git is not None:
                yield self.at(view, f"{path}.git_source", f"the app `{key}` has two sources", fix="keep one")
            elif folder and folder in seen:
                summary = f"the apps `{seen[folder]}` and `{key}` have the same source"
                yield self.at(
                    view, f"{path}.source_code_path", summary, fix="give each app a folder of its own"
                )
            elif folder:
                seen[folder] = key
