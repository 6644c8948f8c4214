"""Modules of the project that workers of UDFs cannot import travel with the functions that use them.

Databricks distributes the folders of `sys.path` to the workers; here they have only the project's `src/`, because all tasks share
one engine. Source: https://docs.databricks.com/aws/en/files/workspace-modules
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType


def send_modules_with_functions(belongs: Callable[[str], bool]) -> None:
    """Let Spark pickle the functions and classes of some modules by their code, not by their name.

    Args:
        belongs: Whether a module's file is one of these.
    """
    from pyspark.cloudpickle import cloudpickle

    by_choice = cloudpickle._is_registered_pickle_by_value

    def by_value(module: ModuleType) -> bool:
        return by_choice(module) or belongs(str(getattr(module, "__file__", None) or ""))

    cloudpickle._is_registered_pickle_by_value = by_value
