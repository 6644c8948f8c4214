"""Modules that exist on Databricks and not here, made of what this process has; none of them signs in."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any


def offer(names: Mapping[str, Any], open_session: Callable[[], Any]) -> None:
    """Make `databricks.sdk.runtime`, `pyspark.dbutils` and, where it is not installed, `databricks.connect` importable.

    Args:
        names: What a notebook finds in its namespace.
        open_session: Gives the Spark session.
    """
    public = {key: value for key, value in names.items() if not key.startswith("__")}
    _put("databricks.sdk.runtime", public)
    _put("pyspark.dbutils", {"DBUtils": lambda *_: names["dbutils"]})
    if _find("databricks.connect") is None:
        _put("databricks.connect", {"DatabricksSession": _session_class(open_session)})


def _session_class(open_session: Callable[[], Any]) -> type:
    class Builder:
        """Accepts every setting of `DatabricksSession.builder` and attaches to the local engine."""

        def getOrCreate(self) -> Any:  # noqa: N802 - Databricks Connect's name
            return open_session()

        create = getOrCreate

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            return lambda *_args, **_options: self

    class DatabricksSession:
        """`databricks.connect.DatabricksSession`, on the local engine."""

        builder = Builder()

    return DatabricksSession


def _put(name: str, content: Mapping[str, Any]) -> None:
    module = ModuleType(name, "Offered by a local run.")
    vars(module).update(content)
    module.__all__ = list(content)  # type: ignore[attr-defined]  # mypy does not know it of a module made here
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], child, module)


def _find(name: str) -> object:
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
