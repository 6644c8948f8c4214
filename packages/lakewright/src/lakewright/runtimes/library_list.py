"""The lists of libraries of the runtimes: one file in `lists/` for each, in the form of pip's constraints.

The first line of a list names its Python and Spark, the second its source.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from databricks_utils.nearest import choose_from
from lakewright.errors import InternalError, LakewrightError

# The runtime of a new project's jobs, unless another one is chosen.
DEFAULT_RUNTIME = "serverless-4"
LISTS = Path(__file__).parent / "lists"
_HEADER = re.compile(r"Python (?P<python>\d+\.\d+), Spark (?P<spark>\d+\.\d+)")


class UnknownRuntimeError(LakewrightError, LookupError):
    """Raised when there is no list of libraries for a runtime."""


@dataclass(frozen=True)
class Runtime:
    """A runtime and its libraries.

    Attributes:
        name: For example `serverless-4` or `dbr-17.3-ml`.
        python: Its version of Python, for example `3.12`.
        spark: Its version of Spark, for example `4.0`.
        libraries: Normalised name → version; `0.49.*` where the list gives no patch version.
    """

    name: str
    python: str
    spark: str
    libraries: Mapping[str, str]


def known_runtimes() -> tuple[str, ...]:
    """Return the names of the runtimes with a list, sorted."""
    return tuple(sorted(path.stem for path in LISTS.glob("*.txt")))


def find_runtime(name: str) -> Runtime:
    """Return a runtime by its name.

    Raises:
        UnknownRuntimeError: There is no list of this name.

    Examples:
        >>> find_runtime("serverless-4").libraries["pandas"]
        '2.2.3'
    """
    if name not in known_runtimes():
        raise UnknownRuntimeError(
            f"there is no list of libraries for the runtime `{name}`", fix=choose_from(name, known_runtimes())
        )
    return read_list(LISTS / f"{name}.txt")


def read_list(path: Path) -> Runtime:
    """Read a list of libraries.

    Raises:
        InternalError: Its first line names no version of Python and Spark.
    """
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    header = _HEADER.search(first)
    if header is None:
        raise InternalError(
            f"the first line of {path.name} names no version of Python and Spark",
            location=str(path),
            fix="install lakewright again; a list of your own begins with: # name (Python 3.12, Spark 4.0)",
        )
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    libraries = {str(canonicalize_name(pin.name)): next(iter(pin.specifier)).version for pin in pins}
    return Runtime(path.stem, header["python"], header["spark"], libraries)
