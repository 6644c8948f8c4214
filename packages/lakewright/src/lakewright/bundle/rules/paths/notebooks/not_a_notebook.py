"""LW403: The path of a notebook leads to a file that is not a notebook."""

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule

_COMMENT_SIGNS = {".sql": "--", ".scala": "//"}


class NotANotebook(Rule):
    """The path of a notebook leads to a file that is not a notebook.

    ## What it does

    Checks the first line of the file that a `notebook_task` names, or the JSON of an `.ipynb` file. If a byte order
    mark or a blank beside the header is the cause, the message says so.

    ## Why is this bad?

    Databricks imports it as a plain file, and the task fails. The Databricks CLI refuses the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load:
          tasks: [{task_key: load, notebook_task: {notebook_path: load.py}}]
    ```

    ```python load.py
    print("loading")
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

    code = "LW403"
    name = "not-a-notebook"
    severity = "error"

    @classmethod
    def of(cls, text: str, ending: str, flaw: tuple[str, str] | None) -> Diagnostic:
        """Return the finding for a path, the file's ending, and what is wrong with its header; the caller adds the place."""
        sign = _COMMENT_SIGNS.get(ending, "#")
        if flaw:
            return cls.finding(f"expected a notebook but {text} is a file", detail=flaw[0], fix=flaw[1])
        return cls.finding(
            f"expected a notebook but {text} is a file",
            fix="save it as a Jupyter notebook (JSON with `nbformat`)"
            if ending == ".ipynb"
            else f"begin it with the line `{sign} Databricks notebook source`, or run it as a `spark_python_task`",
        )
