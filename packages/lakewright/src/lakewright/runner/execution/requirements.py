"""What a task's libraries and environment ask for, and which of it this machine lacks: a local run installs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import PurePosixPath
from typing import Any

_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


def declared(task: Mapping[str, Any], job: Mapping[str, Any]) -> list[str]:
    """Wheels and packages that a task names, by itself or by its serverless environment."""
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


def is_wheel(requirement: str) -> bool:
    """Whether it is the path of a wheel and not a package's name."""
    return requirement.endswith(".whl")


def not_installed(requirements: Iterable[str]) -> list[str]:
    """The packages and wheels among requirements that are not installed here; versions are not compared.

    Examples:
        >>> not_installed(["click", "surely-not-there[x]>=2", "-r requirements.txt", "./lib"])
        ['surely-not-there[x]>=2']
        >>> not_installed(["dist/click-*.whl", "dist/*.whl"])
        ['dist/*.whl']
    """
    return [requirement for requirement in requirements if not _is_here(requirement)]


def _is_here(requirement: str) -> bool:
    if is_wheel(requirement):
        return _is_installed(PurePosixPath(requirement).name.partition("-")[0])
    match = _NAME.match(requirement)
    return match is None or "/" in requirement or _is_installed(match[1])


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def fix_of_missing_module(module: str | None, lacking: Iterable[str]) -> str:
    """What to do when a module is not there.

    Args:
        module: Its name.
        lacking: What the task asks for and this machine lacks.
    """
    name = (module or "").partition(".")[0]
    if name in {"dlt", "pyspark.pipelines"}:
        return "pipelines run in a workspace: keep their code out of tasks of other kinds"
    wanted = list(lacking)
    wheels = [item for item in wanted if is_wheel(item)]
    packages = [item for item in wanted if not is_wheel(item)] or ([] if wheels else [name.replace("_", "-")])
    lines = [f"put the wheel there that the task names: {wheel}" for wheel in wheels]
    if packages:
        listed = " ".join(f"'{item}'" if re.search(r"[<>\[!;]", item) else item for item in packages)
        lines.append(
            f"uv pip install {listed}   (a local run uses this project's environment and installs nothing itself)"
        )
    return "\n".join(lines)
