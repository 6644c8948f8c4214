"""Packages and wheels that a task needs, and which of them are missing here: a local run installs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from lakewright.bundle import distribution_of, is_wheel


def declared(task: Mapping[str, Any], job: Mapping[str, Any]) -> list[str]:
    """Wheels and packages in a task's `libraries` and in its serverless environment."""
    found: list[str] = []
    for library in task.get("libraries") or ():
        if library.get("whl"):
            found.append(str(library["whl"]))
        elif (library.get("pypi") or {}).get("package"):
            found.append(str(library["pypi"]["package"]))
    key = task.get("environment_key")
    for environment in job.get("environments") or ():
        if environment.get("environment_key") == key:
            found += map(str, (environment.get("spec") or {}).get("dependencies") or ())
    return found


def not_installed(requirements: Iterable[str]) -> list[str]:
    """The packages and wheels among requirements that are not installed here; versions are not compared.

    Other lines (`-r requirements.txt`, a folder) are skipped.

    Examples:
        >>> not_installed(["click", "surely-not-there[x]>=2", "-r requirements.txt", "./lib"])
        ['surely-not-there[x]>=2']
        >>> not_installed(["dist/click-*.whl", "dist/*.whl"])
        ['dist/*.whl']
    """
    return [requirement for requirement in requirements if not _is_here(requirement)]


def _is_here(requirement: str) -> bool:
    if is_wheel(requirement):
        return _is_installed(distribution_of(requirement))
    try:
        return _is_installed(Requirement(requirement).name)
    except InvalidRequirement:
        return True


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):
        return False
    return True
