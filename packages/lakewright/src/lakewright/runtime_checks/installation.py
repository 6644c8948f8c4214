"""What a project's environment has: its Python, its libraries, and what the project itself pins."""

import importlib.metadata
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lakewright.bundle.python_projects.declared import read_toml, table_of


@dataclass(frozen=True)
class Installation:
    """An interpreter and its libraries.

    Attributes:
        python: Its version, for example `3.12.1`.
        libraries: Normalised name → version.
    """

    python: str
    libraries: Mapping[str, str]


def this_installation() -> Installation:
    """Return the interpreter that runs this code, with its libraries."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    described = (each.metadata for each in importlib.metadata.distributions())  # parsed at each access
    found = {str(canonicalize_name(each["Name"])): each["Version"] for each in described}
    return Installation(python, found)


def pinned_by(project: Path) -> frozenset[str]:
    """Return the normalised names of the libraries for which a project's wheel requires one version: its jobs install it.

    Args:
        project: The project's root; without `pyproject.toml`, or with one that is not TOML, it pins nothing.
    """
    lines = table_of(read_toml(project / "pyproject.toml"), "project").get("dependencies")
    texts = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    return frozenset(name for line in texts if (name := _pinned_name(line)) is not None)


def _pinned_name(line: str) -> str | None:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return None
    pins = [
        each for each in requirement.specifier if each.operator == "==" and not each.version.endswith("*")
    ]
    return canonicalize_name(requirement.name) if pins else None
