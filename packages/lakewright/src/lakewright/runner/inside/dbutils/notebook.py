"""`dbutils.notebook`: leave a notebook with a value, run another one in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from lakewright.runner.inside.dbutils.argument_types import need_text, need_texts_by_name, need_whole_number
from lakewright.runner.inside.dbutils.help_text import WithHelp
from lakewright.runner.inside.dbutils.notebook_context import NotebookContext


class NotebookExit(Exception):  # noqa: N818 - Databricks' name
    """Ends a notebook as a success, with a value. As on Databricks, `except Exception` catches it."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class NotebookTools(WithHelp):
    """`dbutils.notebook`: leave a notebook, run another one.

    Args:
        context: What is known about this notebook's run.
        run: Runs a notebook by path, time limit in seconds (0: none) and arguments, and returns its exit value.
    """

    def __init__(
        self, context: Callable[[], NotebookContext], run: Callable[[str, float, Mapping[str, str]], str]
    ) -> None:
        self._context = context
        self._run = run

    @property
    def entry_point(self) -> NotebookContext:
        """The way to the notebook's context."""
        return self._context()

    def getContext(self) -> NotebookContext:  # noqa: N802 - Databricks' name
        """What is known about this notebook's run."""
        return self._context()

    def exit(self, value: object) -> NoReturn:
        """End this notebook as a success.

        The documentation calls the value a string. Notebooks of Databricks' own project template (`databricks/mlops-stacks`) end with
        `exit(0)`, so other values become text.

        Raises:
            NotebookExit: Always.
        """
        raise NotebookExit(str(value))

    def run(self, path: str, timeout_seconds: int, arguments: Mapping[str, str] | None = None) -> str:
        """Run another notebook and return its exit value; only that value and tables are shared.

        Args:
            path: The notebook, as seen from this one.
            timeout_seconds: How long it may take, in whole seconds; 0 for no limit.
            arguments: Values of its widgets.

        Raises:
            ArgumentTypeError: The path, or a name or a value of the arguments, is not text; or the time limit is no
                whole number.
        """
        given = {} if arguments is None else arguments
        need_text(path=path)
        need_whole_number(timeout_seconds=timeout_seconds)
        need_texts_by_name(arguments=given)
        return self._run(path, timeout_seconds, dict(given))
