"""The fix for a module that cannot be imported."""

from __future__ import annotations

from collections.abc import Iterable

from lakewright.wheels.names import install_line

_PIPELINES = {"dlt", "pyspark.pipelines"}


def fix_of_missing_module(module: str | None, lacking: Iterable[str]) -> str:
    """What to do when a module cannot be imported.

    Args:
        module: Its name.
        lacking: Wheels and packages that the task asks for and this machine lacks.
    """
    name = (module or "").partition(".")[0]
    if name in _PIPELINES:
        return "pipelines run in a workspace: keep their code out of tasks of other kinds"
    wanted = list(lacking)
    wheels = [item for item in wanted if item.endswith(".whl")]
    packages = [item for item in wanted if item not in wheels] or ([] if wheels else [name.replace("_", "-")])
    lines = [f"put the wheel there that the task names: {wheel}" for wheel in wheels]
    lines += install_line(packages, tool="uv pip").splitlines()
    if packages:
        lines.append("a local run uses this project's environment and installs nothing itself")
    return "\n".join(lines)
