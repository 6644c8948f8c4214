"""`dbutils.library`: packages belong to the project's environment; a notebook can restart its Python."""

from __future__ import annotations

from collections.abc import Callable

from lakewright.runner.inside.dbutils.help_text import WithHelp


class Library(WithHelp):
    """`dbutils.library`.

    Args:
        restart: Restarts the notebook's Python.
    """

    def __init__(self, restart: Callable[[], None]) -> None:
        self._restart = restart

    def restartPython(self) -> None:  # noqa: N802 - Databricks' name
        """Restart the notebook's Python: names and modules are forgotten. The rest of the cell does not run."""
        self._restart()
