"""Values in a task that a local run cannot use: known only in a workspace, or of another environment."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from lakewright.bundle.classify.verdict import Kind, TaskOfJob, Verdict
from lakewright.bundle.jobs.dynamic import dynamic_references
from lakewright.bundle.jobs.value_references import find_reference, is_reference
from lakewright.bundle.model.references import references
from lakewright.bundle.resource_references import local_value

_PAYLOAD_SKIPPED = {"warehouse_id", "source"}


def open_value(task: TaskOfJob, kind: str) -> Verdict | None:
    """Return a verdict if a field needs a value that only a workspace can give; ids of jobs are left out."""
    for field, text in _texts(task.task[kind], kind):
        for reference in references(local_value(task.bundle, text)):
            if kind == "run_job_task" and field.endswith(".job_id"):
                continue
            hint = (
                "give the variable a value in config/local.yaml: `bundle_variables`"
                if reference.path[0] == "variables"
                else None
            )
            return task.verdict(Kind.CLOUD, f"{reference.text} is known only in a workspace", field, hint)
    return None


def missing_value(task: TaskOfJob, kind: str) -> Verdict | None:
    """Return a verdict if a field holds a `{{…}}` reference that has no value in a local run."""
    body = task.task[kind]
    if kind == "for_each_task":  # the repeated task is judged by itself
        body = {"inputs": body.get("inputs")}
    for reference in dynamic_references(_texts(body, kind)):
        known = find_reference(reference.parts) if is_reference(reference.parts) else None
        if known is not None and known.missing:
            reason = f"`{reference.text}` has no value here: {known.missing}"
            return task.verdict(Kind.CLOUD, reason, reference.field)
    return None


def _texts(value: Any, path: str) -> list[tuple[str, str]]:  # noqa: ANN401 - any part of a task
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [
            hit
            for key, child in value.items()
            if key not in _PAYLOAD_SKIPPED
            for hit in _texts(child, f"{path}.{key}")
        ]
    if isinstance(value, list):
        return [hit for index, child in enumerate(value) for hit in _texts(child, f"{path}[{index}]")]
    return []


def foreign_catalog(task: TaskOfJob, kind: str) -> Verdict | None:
    """Return a verdict if, in a local run, a parameter still names the catalog of another environment."""
    bundle = task.bundle
    if not bundle.is_local:
        return None
    foreign = _catalogs(bundle.root / "config", bundle.environment)
    texts = [(field, text, task.path) for field, text in _texts(task.task[kind], kind)]
    job = f"resources.jobs.{task.job_key}"
    for index, parameter in enumerate(task.job.get("parameters") or []):
        texts.append((f"parameters[{index}].default", str(parameter.get("default", "")), job))
    for field, text, base in texts:
        for catalog, environment in foreign.items():
            if re.search(rf"(?<![\w.]){re.escape(catalog)}(?!\w)", text):
                return Verdict(
                    Kind.CONFIG,
                    f"a parameter names `{catalog}`, the catalog of environment {environment}",
                    bundle.locate(f"{base}.{field}"),
                    "make it a variable and set it in config/local.yaml: `bundle_variables`",
                )
    return None


@lru_cache(maxsize=16)
def _catalogs(folder: Path, environment: str) -> dict[str, str]:
    """Return the catalogs of the other environments, by name; those that cannot be read are left out."""
    from databricks_utils.config import ConfigError, ConfigLoader, environments

    found: dict[str, str] = {}
    used = _used_environments(folder, environment)
    for other in environments(folder):
        if other in (environment, *used):
            continue
        try:
            # The files alone: a variable of this process says nothing about another environment.
            name = ConfigLoader.load_section("catalog", other, folder, {}).values.get("name")
        except ConfigError:
            continue
        if isinstance(name, str) and name:
            found[name] = other
    return found


def _used_environments(folder: Path, environment: str) -> tuple[str, ...]:
    from databricks_utils.config import ConfigError, ConfigLoader

    try:
        used = ConfigLoader.load_section("catalog", environment, folder).values.get("uses_environments")
    except ConfigError:
        return ()
    return tuple(map(str, used)) if isinstance(used, list) else ()
