"""Where a task can run: here, only in a workspace, or nowhere because it is broken."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from lakewright.bundle.local_files import local_file
from lakewright.bundle.model import Bundle, Diagnostic, Location
from lakewright.bundle.notebooks import notebook_language
from lakewright.bundle.paths import is_local, is_local_dependency
from lakewright.bundle.references import references
from lakewright.bundle.resource_values import job_key as referenced_job
from lakewright.bundle.resource_values import local_value


class Kind(StrEnum):
    """Where a task can run."""

    LOCAL = "LOCAL"
    CLOUD = "CLOUD"
    CONFIG = "CONFIG"


@dataclass(frozen=True)
class Verdict:
    """What becomes of a task in a local run.

    Attributes:
        kind: `LOCAL` runs, `CLOUD` is skipped loudly, `CONFIG` is broken.
        reason: Why, in a line; for `LOCAL`, what runs.
        location: Where the reason is written.
        fix: What to do about it, where there is something to do.
    """

    kind: Kind
    reason: str
    location: Location | None = None
    fix: str | None = None


_Judge = Callable[["_Task"], Verdict]
_PIPELINE_SQL = re.compile(
    r"(?:^|;)\s*CREATE\s+(?:OR\s+(?:REPLACE|REFRESH)\s+)?(STREAMING|MATERIALIZED)\s+(TABLE|VIEW)\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LANGUAGES = {"python", "sql"}
_PAYLOAD_SKIPPED = {"warehouse_id", "source"}
_CLOUD_TASKS = {
    "pipeline_task": "pipelines run in a workspace",
    "dbt_task": "dbt tasks need a SQL warehouse",
    "dbt_cloud_task": "dbt Cloud is a service",
    "dbt_platform_task": "the dbt platform is a service",
    "spark_jar_task": "JAR tasks need a cluster",
    "spark_submit_task": "spark-submit tasks need a cluster",
    "clean_rooms_notebook_task": "clean rooms exist only in a workspace",
    "power_bi_task": "Power BI is a service",
    "dashboard_task": "dashboards exist only in a workspace",
    "alert_task": "alerts exist only in a workspace",
    "gen_ai_compute_task": "it needs GPU compute of a workspace",
    "ai_runtime_task": "it needs GPU compute of a workspace",
}


@dataclass(frozen=True)
class _Task:
    bundle: Bundle
    job_key: str
    task: Mapping[str, Any]
    path: str

    def at(self, field: str) -> Location | None:
        return self.bundle.locate(f"{self.path}.{field}")

    def verdict(self, kind: Kind, reason: str, field: str, fix: str | None = None) -> Verdict:
        return Verdict(kind, reason, self.at(field), fix)


def classify_task(bundle: Bundle, job_key: str, task: Mapping[str, Any]) -> Verdict:
    """Judge one task of a job.

    Args:
        bundle: A loaded bundle.
        job_key: The job's resource key.
        task: One element of the job's `tasks`.

    Returns:
        The verdict, with the place that it rests on.
    """
    return _classify(_Task(bundle, job_key, task, _path_of(bundle, job_key, task)))


def _path_of(bundle: Bundle, job_key: str, task: Mapping[str, Any]) -> str:
    base = f"resources.jobs.{job_key}.tasks"
    for index, other in enumerate(bundle.jobs[job_key].get("tasks") or []):
        if other is task or other == task:
            return f"{base}[{index}]"
        if ((other.get("for_each_task") or {}).get("task")) == task:
            return f"{base}[{index}].for_each_task.task"
    return base


def _classify(task: _Task) -> Verdict:
    if error := _error_within(task):
        return Verdict(Kind.CONFIG, error.summary, error.location, error.fix)
    kinds = sorted(field for field in task.task if field.endswith("_task") and task.task[field] is not None)
    if not kinds:
        return task.verdict(
            Kind.CONFIG, "the task says nothing to run", "task_key", "add a `notebook_task`, for instance"
        )
    if len(kinds) > 1:
        return task.verdict(
            Kind.CONFIG, f"the task has more than one kind: {', '.join(kinds)}", kinds[1], "keep one"
        )
    return _judge(task, kinds[0])


def _judge(task: _Task, kind: str) -> Verdict:
    if kind not in _JUDGES:
        reason = _CLOUD_TASKS.get(kind, "this kind of task is not known here")
        return task.verdict(Kind.CLOUD, f"{kind}: {reason}", kind)
    verdict = _JUDGES[kind](task)
    if verdict.kind is Kind.LOCAL and kind != "for_each_task":
        return _open_value(task, kind) or _foreign_catalog(task, kind) or verdict
    return verdict


def _error_within(task: _Task) -> Diagnostic | None:
    for diagnostic in task.bundle.diagnostics:
        if diagnostic.severity == "error" and _is_within(diagnostic.path, task.path):
            return diagnostic
    return None


def _is_within(path: str | None, task_path: str) -> bool:
    return path is not None and (path == task_path or path.startswith(f"{task_path}."))


def _notebook(task: _Task) -> Verdict:
    field = "notebook_task.notebook_path"
    path = str(task.task["notebook_task"].get("notebook_path") or "")
    if not path:
        return task.verdict(
            Kind.CONFIG, "notebook_task has no notebook_path", "notebook_task", "add `notebook_path: …`"
        )
    if verdict := _from_git(task, "notebook_task"):
        return verdict
    file = local_file(task.bundle, path)
    if file is None:
        return task.verdict(Kind.CLOUD, f"the notebook lives in the workspace: {path}", field)
    language = notebook_language(file)
    if language is None:
        return task.verdict(Kind.CONFIG, f"{file.name} is not a notebook", field)
    if language not in _LANGUAGES:
        return task.verdict(
            Kind.CLOUD,
            f"{language.upper() if language == 'r' else language.title()} notebooks need a cluster",
            field,
        )
    return task.verdict(Kind.LOCAL, f"notebook {_shown(task.bundle, file)}", field)


def _from_git(task: _Task, field: str) -> Verdict | None:
    source = str(task.task[field].get("source") or "")
    job = task.bundle.jobs[task.job_key]
    if source == "GIT" or (job.get("git_source") and source != "WORKSPACE"):
        location = task.bundle.locate(f"resources.jobs.{task.job_key}.git_source")
        return Verdict(
            Kind.CLOUD, "the code comes from a git repository that the workspace checks out", location
        )
    return None


def _python_file(task: _Task) -> Verdict:
    field = "spark_python_task.python_file"
    path = str(task.task["spark_python_task"].get("python_file") or "")
    if not path:
        return task.verdict(
            Kind.CONFIG, "spark_python_task has no python_file", "spark_python_task", "add `python_file: …`"
        )
    if verdict := _from_git(task, "spark_python_task"):
        return verdict
    file = local_file(task.bundle, path)
    if file is None:
        return task.verdict(Kind.CLOUD, f"the file lives outside of the project: {path}", field)
    return task.verdict(Kind.LOCAL, f"script {_shown(task.bundle, file)}", field)


def _wheel(task: _Task) -> Verdict:
    spec = task.task["python_wheel_task"]
    for field in ("package_name", "entry_point"):
        if not spec.get(field):
            return task.verdict(
                Kind.CONFIG, f"python_wheel_task has no {field}", "python_wheel_task", f"add `{field}: …`"
            )
    name = f"{spec['package_name']}:{spec['entry_point']}"
    wheels = _wheels(task)
    if wheels and not any(is_local(wheel) or is_local_dependency(wheel) for wheel in wheels):
        return task.verdict(
            Kind.CLOUD, f"its wheel lives outside of the project: {wheels[0]}", "python_wheel_task"
        )
    return task.verdict(Kind.LOCAL, f"entry point {name}", "python_wheel_task.entry_point")


def _wheels(task: _Task) -> list[str]:
    libraries = [str(library["whl"]) for library in task.task.get("libraries") or [] if library.get("whl")]
    key = task.task.get("environment_key")
    for environment in task.bundle.jobs[task.job_key].get("environments") or []:
        if environment.get("environment_key") == key:
            dependencies = (environment.get("spec") or {}).get("dependencies") or []
            libraries += [
                str(entry)
                for entry in dependencies
                if str(entry).endswith(".whl") or is_local_dependency(str(entry))
            ]
    return libraries


def _condition(task: _Task) -> Verdict:
    spec = task.task["condition_task"]
    missing = [field for field in ("op", "left", "right") if spec.get(field) is None]
    if missing:
        return task.verdict(
            Kind.CONFIG, f"condition_task has no {missing[0]}", "condition_task", f"add `{missing[0]}: …`"
        )
    return task.verdict(
        Kind.LOCAL, f"condition {spec['left']} {spec['op']} {spec['right']}", "condition_task"
    )


def _run_job(task: _Task) -> Verdict:
    job_id = task.task["run_job_task"].get("job_id")
    if job_id is None:
        return task.verdict(
            Kind.CONFIG,
            "run_job_task has no job_id",
            "run_job_task",
            "add `job_id: ${resources.jobs.<key>.id}`",
        )
    key = referenced_job(task.bundle, job_id)
    if key is None:
        fix = "name a job of the bundle: `job_id: ${resources.jobs.<key>.id}`"
        return task.verdict(
            Kind.CLOUD, f"job {job_id} exists only in a workspace", "run_job_task.job_id", fix
        )
    return task.verdict(Kind.LOCAL, f"runs the job {key}", "run_job_task.job_id")


def _for_each(task: _Task) -> Verdict:
    inner = task.task["for_each_task"].get("task")
    if not isinstance(inner, dict):
        return task.verdict(
            Kind.CONFIG, "for_each_task has no task", "for_each_task", "add the `task` to repeat"
        )
    verdict = _classify(_Task(task.bundle, task.job_key, inner, f"{task.path}.for_each_task.task"))
    return Verdict(verdict.kind, f"for each: {verdict.reason}", verdict.location, verdict.fix)


def _sql(task: _Task) -> Verdict:
    spec = task.task["sql_task"]
    for field in ("query", "dashboard", "alert"):
        if spec.get(field):
            return task.verdict(
                Kind.CLOUD, f"a saved {field} exists only in a workspace", f"sql_task.{field}"
            )
    path = str((spec.get("file") or {}).get("path") or "")
    if not path:
        return task.verdict(Kind.CONFIG, "sql_task has nothing to run", "sql_task", "add `file: {path: …}`")
    source = str((spec.get("file") or {}).get("source") or "")
    if source == "GIT" or (task.bundle.jobs[task.job_key].get("git_source") and source != "WORKSPACE"):
        return task.verdict(
            Kind.CLOUD, "the file comes from a git repository that the workspace checks out", "sql_task.file"
        )
    file = local_file(task.bundle, path)
    if file is None:
        return task.verdict(Kind.CLOUD, f"the file lives in the workspace: {path}", "sql_task.file.path")
    if made := _PIPELINE_SQL.search(_COMMENT.sub("", file.read_text(encoding="utf-8", errors="replace"))):
        kind = f"{made[1]} {made[2]}".lower().replace("  ", " ")
        return task.verdict(
            Kind.CLOUD,
            f"{_shown(task.bundle, file)} makes a {kind}, which a pipeline of a workspace keeps up to date",
            "sql_task.file.path",
        )
    return task.verdict(Kind.LOCAL, f"SQL file {_shown(task.bundle, file)}", "sql_task.file.path")


_JUDGES: dict[str, _Judge] = {
    "notebook_task": _notebook,
    "spark_python_task": _python_file,
    "python_wheel_task": _wheel,
    "condition_task": _condition,
    "run_job_task": _run_job,
    "for_each_task": _for_each,
    "sql_task": _sql,
}


def _open_value(task: _Task, kind: str) -> Verdict | None:
    """Refuse what needs a value that only a workspace can give; a job's own id is the runner's business."""
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


def _foreign_catalog(task: _Task, kind: str) -> Verdict | None:
    """Refuse, in a local run, parameters that still name the catalog of another environment."""
    bundle = task.bundle
    if bundle.environment == bundle.target:
        return None
    foreign = _catalogs(bundle.root / "config", bundle.environment)
    texts = [(field, text, task.path) for field, text in _texts(task.task[kind], kind)]
    job = f"resources.jobs.{task.job_key}"
    for index, parameter in enumerate(bundle.jobs[task.job_key].get("parameters") or []):
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
    for other in environments(folder):
        if other == environment:
            continue
        try:
            # The files alone: a variable of this process says nothing about another environment.
            name = ConfigLoader.load_section("catalog", other, folder, {}).values.get("name")
        except ConfigError:
            continue
        if isinstance(name, str) and name:
            found[name] = other
    return found


def _shown(bundle: Bundle, file: Path) -> str:
    return file.relative_to(bundle.root).as_posix() if file.is_relative_to(bundle.root) else str(file)
