"""The runtimes of Databricks that projects run on: their libraries, and what a project's environment takes over from them."""

from lakewright.runtimes.constraints import CONSTRAINTS_FILE, constraints_of
from lakewright.runtimes.differences import Difference, compared, differences
from lakewright.runtimes.left_free import LEFT_FREE, reason_of
from lakewright.runtimes.library_list import (
    DEFAULT_RUNTIME,
    LISTS,
    Runtime,
    UnknownRuntimeError,
    find_runtime,
    known_runtimes,
)

__all__ = [
    "CONSTRAINTS_FILE",
    "DEFAULT_RUNTIME",
    "LEFT_FREE",
    "LISTS",
    "Difference",
    "Runtime",
    "UnknownRuntimeError",
    "compared",
    "constraints_of",
    "differences",
    "find_runtime",
    "known_runtimes",
    "reason_of",
]
