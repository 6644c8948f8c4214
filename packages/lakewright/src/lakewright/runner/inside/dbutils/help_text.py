"""`help()` of `dbutils` and its parts: signatures and first lines of docstrings."""

from __future__ import annotations

import inspect

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError


class UnknownMethodError(RunnerError, ValueError):
    """Raised when help is asked for a method that does not exist."""


class WithHelp:
    """A part of `dbutils` that can print its methods."""

    def help(self, method_name: str = "") -> None:
        """Print the methods of this part, or all about one of them.

        Raises:
            UnknownMethodError: There is no such method.
        """
        methods = _methods(self)
        if method_name and method_name not in methods:
            raise UnknownMethodError(
                f"there is no method `{method_name}`",
                detail="there is: " + ", ".join(methods),
                fix=choose_from(method_name, methods),
            )
        for name in [method_name] if method_name else methods:
            text = inspect.getdoc(getattr(self, name)) or ""
            shown = text if method_name else text.partition(".")[0]
            print(f"{name}{_signature(getattr(self, name))} -> {shown}")  # noqa: T201 - printing is what help does


def _methods(part: object) -> list[str]:
    names = [name for name in dir(part) if not name.startswith("_") and callable(getattr(part, name))]
    return [name for name in names if name != "help"]


def _signature(method: object) -> str:
    assert callable(method)
    return str(inspect.signature(method)).partition(" ->")[0].replace("'", "")
