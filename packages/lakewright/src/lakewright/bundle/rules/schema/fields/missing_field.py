"""LW304: A required field is missing."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class MissingField(Rule):
    """A required field is missing.

    ## What it does

    Reports a field without a value that the API of the resource requires. It is an error

    - in what a task runs; an empty path or name counts as missing,
    - for the `display_name` and the `warehouse_id` of a dashboard, and the `name` of a SQL warehouse,
    - for the `principal` and the `privileges` of a grant,
    - for the principal of a permission on a secret scope,
    - for the `value` of a secret and the `content` of a script.

    Elsewhere it is a warning, also for `source` of an artifact's files.

    ## Why is this bad?

    A deployment of the resource fails; where this is an error, the Databricks CLI refuses the whole bundle. A local run
    cannot execute such a task.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: ""}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: load.py}}]
    ```

    ```python load.py
    # Databricks notebook source
    print("loading")
    ```
    """

    code = "LW304"
    name = "missing-field"
    severity = "error"

    @classmethod
    def of(cls, field: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a field and the key path of the map that lacks it."""
        return cls.finding(
            f'required field "{field}" is not set',
            severity="warning",
            location=location,
            path=path,
            fix=f"add `{field}` to `{path}`",
        )

    @classmethod
    def of_holder(cls, what: str, field: str, location: Location | None, path: str) -> Diagnostic:
        """Return the error for a field, what it belongs to in words, and the key path of that."""
        return cls.finding(
            f"{what} has no {field}", location=location, path=path, fix=f"add `{field}` to `{path}`"
        )

    @classmethod
    def of_principal(cls, fields: tuple[str, ...], location: Location | None, path: str) -> Diagnostic:
        """Return the error for a permission that sets none of the fields that name a principal."""
        return cls.finding(
            "a permission on a secret scope has no principal",
            location=location,
            path=path,
            fix=f"set one of {', '.join(f'`{field}`' for field in fields)}",
        )

    @classmethod
    def of_task(cls, field: str, location: Location | None, path: str, *, is_empty: bool) -> Diagnostic:
        """Return the finding for a field of what a task runs; `is_empty` says that an empty text stands there."""
        kind = path.rpartition(".")[2]
        return cls.finding(
            f"{kind} has no {field}" + (": it is empty" if is_empty else ""),
            location=location,
            path=path,
            fix=f"give `{field}` a value" if is_empty else f"add `{field}` to `{path}`",
        )
