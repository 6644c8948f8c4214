"""The names of our packages, and install commands that never ask an index for them."""

import re
import shlex
from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

OURS = ("databricks-utils", "lakewright", "databricks-ai-agents")
CARRIED = ("databricks-utils", "lakewright")
"""The packages that every project needs; their wheels are in its folder `wheels/`."""
REINSTALL = "pip install --no-deps --force-reinstall --require-hashes -r wheels/wheels.lock"
_WHY = "(in the project's folder, which has the wheels of our packages; on a public index their names belong to others)"
_UNSAFE = re.compile(r"[^\w.@/:=~^%+,-]")


def asks_an_index(requirement: str) -> str | None:
    """Return the name of our package that pip would look for in an index; None for anything else.

    Examples:
        >>> asks_an_index("databricks_utils[ml]==0.1.0"), asks_an_index("databricks-utils @ file:///w/u.whl")
        ('databricks-utils', None)
        >>> asks_an_index("./wheels/lakewright-0.1.0-py3-none-any.whl"), asks_an_index("click")
        (None, None)
    """
    try:
        parsed = Requirement(requirement.partition(" --hash")[0].strip())
    except InvalidRequirement:
        return None
    name = canonicalize_name(parsed.name)
    return name if name in OURS and parsed.url is None else None


def install_line(requirements: Iterable[str], *, tool: str = "pip") -> str:
    """Return the command that installs requirements; our packages come from the project's wheels.

    Args:
        requirements: Packages as a requirements file names them.
        tool: `pip`, `uv pip`, or an interpreter with `-m pip`.

    Examples:
        >>> install_line(["click", "cow>=1"])
        "pip install click 'cow>=1'"
    """
    listed = list(requirements)
    others = [each for each in listed if not asks_an_index(each)]
    lines = [f"{from_wheels(tool)}   {_WHY}"] if len(others) < len(listed) else []
    if others:
        lines.insert(0, " ".join([tool, "install", *map(_quoted, others)]))
    return "\n".join(lines)


def from_wheels(tool: str = "pip") -> str:
    """Return the commands that install our packages from the project's wheels, each with the hash that is locked, and what else it needs.

    Examples:
        >>> from_wheels()
        'pip install --no-deps --require-hashes -r wheels/wheels.lock && pip install -r requirements-dev.txt'
    """
    return f"{tool} install --no-deps --require-hashes -r wheels/wheels.lock && {tool} install -r requirements-dev.txt"


def _quoted(word: str) -> str:
    return shlex.quote(word) if _UNSAFE.search(word) else word
