"""Which environments of `config/` the jobs of a bundle read, by the parameters that they pass to `databricks_utils`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakewright.bundle.jobs.view import BundleView, JobView, TaskView
from lakewright.bundle.model.bundle import Bundle

_NAMES = ("env", "config_path", "schema_prefix")


@dataclass(frozen=True)
class Reading:
    """One environment that a job or task reads.

    Attributes:
        environment: Its name.
        folder: The folder `config/` of the project.
        schema_prefix: The prefix of schema names; None if it is known only in a run.
        path: The key path of the parameter `env`.
    """

    environment: str
    folder: Path
    schema_prefix: str | None
    path: str


def readings_of(view: BundleView) -> Iterator[Reading]:
    """Yield what the jobs of a bundle read, each once; values that are known only in a run or a workspace are left out."""
    seen = set()
    for job in view.jobs.values():
        for given in (_of_job(job), *map(_of_task, job.all_tasks)):
            found = _reading(view.bundle, given)
            if found and (key := (found.environment, found.folder, found.schema_prefix)) not in seen:
                seen.add(key)
                yield found


def _of_job(job: JobView) -> dict[str, tuple[str, str]]:
    """Return value and key path of each parameter of a job."""
    listed = job.spec.get("parameters") or ()
    return {
        str(item["name"]): (str(item.get("default") or ""), f"{job.path}.parameters[{index}].default")
        for index, item in enumerate(listed)
        if isinstance(item, dict) and item.get("name") in _NAMES
    }


def _of_task(task: TaskView) -> dict[str, tuple[str, str]]:
    """Return value and key path of each parameter of a notebook's, wheel's or script's task."""
    found = {}
    for kind, field in (("notebook_task", "base_parameters"), ("python_wheel_task", "named_parameters")):
        given = task.part(kind).get(field)
        for name, value in given.items() if isinstance(given, Mapping) else ():
            found[name] = (str(value), f"{task.path}.{kind}.{field}.{name}")
    for kind in ("python_wheel_task", "spark_python_task"):
        for index, argument in enumerate(_strings(task.part(kind).get("parameters"))):
            name, equals, value = argument.removeprefix("--").partition("=")
            if equals and argument.startswith("--"):
                found[name] = (value, f"{task.path}.{kind}.parameters[{index}]")
    return {name: found[name] for name in _NAMES if name in found}


def _strings(value: Any) -> list[str]:  # noqa: ANN401 - any part of a task
    return [str(item) for item in value] if isinstance(value, list) else []


def _reading(bundle: Bundle, given: Mapping[str, tuple[str, str]]) -> Reading | None:
    environment, path = given.get("env", ("", ""))
    folder = _folder(bundle, given.get("config_path", ("", ""))[0])
    if not environment or folder is None or _is_open(environment) or "/" in environment:
        return None
    prefix = given.get("schema_prefix", ("", ""))[0]
    return Reading(environment, folder, None if _is_open(prefix) else prefix, path)


def _folder(bundle: Bundle, deployed: str) -> Path | None:
    """Return the folder of the project that is deployed to a path; None if the path is not among the deployed files."""
    if not deployed:
        return bundle.root / "config"
    files = str((bundle.resolved.get("workspace") or {}).get("file_path") or "")
    if not files or not deployed.startswith(f"{files}/"):
        return None
    inside = deployed.removeprefix(f"{files}/")
    return None if ".." in inside or _is_open(inside) else bundle.sync_root / inside


def _is_open(text: str) -> bool:
    return "{{" in text or "${" in text
