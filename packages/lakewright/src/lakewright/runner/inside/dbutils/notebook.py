"""`dbutils.notebook`: leave a notebook with a value, run another one in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn


class NotebookExit(BaseException):
    """Ends a notebook as a success, with a value."""

    def __init__(self, value: str) -> None:
        super().__init__(value)
        self.value = value


class NotebookTools:
    """`dbutils.notebook`.

    Args:
        run: Runs a notebook by path, time limit in seconds (0: none) and arguments, and returns its exit value.
    """

    def __init__(self, run: Callable[[str, float, Mapping[str, str]], str]) -> None:
        self._run = run

    def exit(self, value: Any = "") -> NoReturn:
        """End this notebook as a success.

        Raises:
            NotebookExit: Always.
        """
        raise NotebookExit(str(value))

    def run(self, path: str, timeout_seconds: float = 0, arguments: Mapping[str, Any] | None = None) -> str:
        """Run another notebook and return its exit value; only that value and tables are shared."""
        return self._run(path, timeout_seconds, {str(k): str(v) for k, v in (arguments or {}).items()})
