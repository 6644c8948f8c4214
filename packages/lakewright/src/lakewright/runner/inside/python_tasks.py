"""Scripts (`spark_python_task`) and wheels (`python_wheel_task`): a file or an entry point, with its arguments."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from types import ModuleType

from databricks_utils.nearest import choose_from
from lakewright.runner.errors import RunnerError
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.task_runtime import TaskRuntime


class EntryPointError(RunnerError, LookupError):
    """Raised when a wheel's entry point cannot be found."""


def run_script(spec: TaskSpec, runtime: TaskRuntime) -> str | None:
    """Run a file as `__main__`, with `spark` and `dbutils` beside it."""
    assert spec.file is not None
    source = Path(spec.file).read_bytes()
    module = ModuleType("__main__")
    vars(module).update(runtime.globals("__main__", spec.file))
    sys.modules["__main__"] = module  # pickling and multiprocessing look there
    code = compile(source, spec.file, "exec", dont_inherit=True)
    exec(code, vars(module))  # noqa: S102 - running the project's code is what this is for
    return None


def run_wheel(spec: TaskSpec, runtime: TaskRuntime) -> str | None:
    """Call a wheel's entry point.

    Raises:
        EntryPointError: The package has no such entry point, and no function of that name.
    """
    del runtime
    package, name = spec.entry_point
    sys.argv[0] = name
    target = _target(package, name, spec.entry_points or _installed(package))
    module_name, _, attribute = target.partition(":")
    function: object = importlib.import_module(module_name)
    for part in filter(None, attribute.split(".")):
        function = getattr(function, part)
    if not callable(function):
        raise EntryPointError(f"`{target}` cannot be called", fix="let the entry point name a function")
    function()
    return None


def _target(package: str, name: str, declared: Mapping[str, str]) -> str:
    if name in declared:
        return declared[name]
    # Databricks also takes `<package>.<name>()`, a function of the package itself.
    module = package.replace("-", "_")
    try:
        if hasattr(importlib.import_module(module), name):
            return f"{module}:{name}"
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
    raise EntryPointError(
        f"package `{package}` has no entry point `{name}`",
        detail="declared: " + (", ".join(f"{key} = {value}" for key, value in declared.items()) or "none"),
        location="pyproject.toml [project.scripts]",
        fix=choose_from(name, declared) or f'add `{name} = "{module}.main:main"` to [project.scripts]',
    )


def _installed(package: str) -> dict[str, str]:
    try:
        points = metadata.distribution(package).entry_points
    except metadata.PackageNotFoundError:
        return {}
    return {point.name: point.value for point in points}
