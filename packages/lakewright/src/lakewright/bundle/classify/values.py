"""Values in a task that a local run cannot use: known only in a workspace, or of another environment."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from lakewright.bundle.classify.verdict import Kind, TaskOfJob, Verdict
from lakewright.bundle.model.references import references
from lakewright.bundle.resource_values import local_value

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


def _texts(value: Any, path: str) -> list[tuple[str, str]]:  # noqa: ANN401 (any part of a task)
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
    if bundle.environment == bundle.target:
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
    """Return the catalogs of the other environments, by name."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.stem in {environment, "defaults"}:
            continue
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError):
            continue
        section = content.get("catalog") if isinstance(content, dict) else None
        name = section.get("name") if isinstance(section, dict) else None
        if isinstance(name, str) and name and "$" not in name:
            found[name] = file.stem
    return found
