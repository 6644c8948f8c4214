"""Modules that exist on Databricks and not here, made of what this process has; none of them logs in."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lakewright.runner.inside.stage import Stage


def offer(stage: Stage) -> None:
    """Make `databricks.sdk.runtime`, `pyspark.dbutils` and, where it is not installed, `databricks.connect` importable."""
    _put("databricks.sdk.runtime", _runtime_names(stage))
    _put("pyspark.dbutils", {"DBUtils": lambda *_: stage.dbutils})
    if _find("databricks.connect") is None:
        _put("databricks.connect", {"DatabricksSession": _session_class(stage)})


def _runtime_names(stage: Stage) -> dict[str, Any]:
    names = stage.globals("databricks.sdk.runtime", "")
    return {key: value for key, value in names.items() if not key.startswith("__")}


def _session_class(stage: Stage) -> type:
    class Builder:
        """Accepts every setting of `DatabricksSession.builder` and attaches to the local engine."""

        def getOrCreate(self) -> Any:  # noqa: N802 - Databricks Connect's name
            return stage.session()

        create = getOrCreate

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            return lambda *_args, **_options: self

    class DatabricksSession:
        """`databricks.connect.DatabricksSession`, on the local engine."""

        builder = Builder()

    return DatabricksSession


def _put(name: str, content: dict[str, Any]) -> None:
    module = ModuleType(name, "Offered by a local run.")
    vars(module).update(content)
    module.__all__ = list(content)  # type: ignore[attr-defined]
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], child, module)


def _find(name: str) -> object:
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
