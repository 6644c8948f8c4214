"""`dbutils.library.restartPython()` without a new process: Python as it was before the first cell.

A new process would take seconds and lose the session of classic mode. Modules of installed packages stay: compiled ones cannot
be loaded twice.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass


class PythonRestart(BaseException):
    """Ends the cell that calls `restartPython`; the next cell begins in a fresh Python."""

    def _render_traceback_(self) -> list[str]:
        """IPython's protocol: show nothing."""
        return []


@dataclass(frozen=True)
class PythonState:
    """What a new Python process would have.

    Attributes:
        path: Where modules are searched for.
        environ: The environment variables.
        cwd: The working directory.
        modules: The names of the imported modules.
    """

    path: tuple[str, ...]
    environ: dict[str, str]
    cwd: str
    modules: frozenset[str]

    @classmethod
    def now(cls) -> PythonState:
        """The state of this process."""
        return cls(tuple(sys.path), dict(os.environ), str(os.getcwd()), frozenset(sys.modules))  # noqa: PTH109 - as text, for os.chdir

    def restore(self, is_project: Callable[[str], bool]) -> None:
        """Go back to this state.

        Args:
            is_project: Whether a file belongs to the project; modules of such files are forgotten.
        """
        _end_mlflow_run()
        sys.path[:] = self.path
        os.environ.clear()
        os.environ.update(self.environ)
        with contextlib.suppress(OSError):
            os.chdir(self.cwd)
        for name, module in list(sys.modules.items()):
            if name not in self.modules and is_project(str(getattr(module, "__file__", None) or "")):
                del sys.modules[name]


def _end_mlflow_run() -> None:
    """End the active run and forget the addresses that code has set."""
    mlflow = sys.modules.get("mlflow")
    if mlflow is not None:
        mlflow.end_run()
        mlflow.set_tracking_uri(None)
        mlflow.set_registry_uri(None)
