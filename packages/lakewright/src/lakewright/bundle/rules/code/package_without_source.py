"""LW703: One of our packages is asked for by its bare name."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class PackageWithoutSource(Rule):
    """One of our packages is asked for by its bare name.

    ## What it does

    Looks for `databricks-utils`, `lakewright` and `databricks-ai-agents` without a file, a hash or the only index:
    in `libraries`, in `dependencies` of environments, in `%pip install` of notebooks, in `requirements*.txt`, and in
    `pyproject.toml`, where dependency groups may have their source in `tool.uv.sources`.

    ## Why is this bad?

    On a public index these names belong to other people, and pip installs the highest version of any index that it
    knows. Their code would run with the rights of the job.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments:
            - {environment_key: default, spec: {environment_version: "4", dependencies: [databricks-utils==0.1.0]}}
          tasks: [{task_key: load, environment_key: default, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    print("loading")
    ```

    ```text requirements-dev.txt
    lakewright[java]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          environments:
            - environment_key: default
              spec: {environment_version: "4", dependencies: [./wheels/databricks_utils-0.1.0-py3-none-any.whl]}
          tasks: [{task_key: load, environment_key: default, spark_python_task: {python_file: load.py}}]
    ```

    ```python load.py
    print("loading")
    ```

    ```text requirements-dev.txt
    ./wheels/lakewright-0.1.0-py3-none-any.whl[java]
    ```
    """

    code = "LW703"
    name = "package-without-source"
    severity = "error"
    can_be_silenced = True

    @classmethod
    def of(
        cls,
        requirement: str,
        name: str,
        location: Location | None,
        path: str | None = None,
        *,
        index: str = "the only index: --index-url ADDRESS",
    ) -> Diagnostic:
        """Return the finding for a request of one of our packages; `index` says how an index is named there."""
        wheel = f"./wheels/{name.replace('-', '_')}-VERSION-py3-none-any.whl"
        return cls.finding(
            f"`{requirement}` is taken from any index that has the name",
            detail=f"on a public index `{name}` belongs to other people",
            location=location,
            path=path,
            fix=f"name the wheel: {wheel} (take it: lakewright wheels update), or {index}",
        )
