"""Names that a project's package cannot have."""

from __future__ import annotations

import keyword
import sys

_TAKEN = {
    "pyspark",
    "mlflow",
    "delta",
    "pandas",
    "numpy",
    "sklearn",
    "lightgbm",
    "databricks",
    "databricks_utils",
    "lakewright",
}
_TAKEN |= {"tests", "src", "notebooks", "config", "yaml", "click", "pytest", "chispa", "dbutils", "spark"}


def taken_by(name: str) -> str:
    """Return why a package of this name could not be imported, or would hide another one; empty if it can be used.

    Examples:
        >>> taken_by("json"), taken_by("flights")
        ('the name of a package that the project needs', '')
    """
    if keyword.iskeyword(name):
        return "a keyword of Python"
    is_taken = name in sys.stdlib_module_names or name in _TAKEN
    return "the name of a package that the project needs" if is_taken else ""
