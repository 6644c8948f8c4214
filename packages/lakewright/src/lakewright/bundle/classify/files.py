"""Tasks that run a file: notebooks, Python scripts, SQL files."""

import re

from lakewright.bundle.classify.verdict import Kind, TaskOfJob, Verdict, shown
from lakewright.bundle.paths.notebooks import notebook_language
from lakewright.bundle.project_files import local_file

_PIPELINE_SQL = re.compile(
    r"(?:^|;)\s*CREATE\s+(?:OR\s+(?:REPLACE|REFRESH)\s+)?(STREAMING|MATERIALIZED)\s+(TABLE|VIEW)\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LANGUAGES = {"python", "sql"}


def notebook_verdict(task: TaskOfJob) -> Verdict:
    """Judge a `notebook_task`."""
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
    return task.verdict(Kind.LOCAL, f"notebook {shown(task.bundle, file)}", field)


def _from_git(task: TaskOfJob, field: str) -> Verdict | None:
    if not task.is_from_git(str(task.task[field].get("source") or "")):
        return None
    location = task.bundle.locate(f"resources.jobs.{task.job_key}.git_source")
    return Verdict(Kind.CLOUD, "the code comes from a git repository that the workspace checks out", location)


def python_file_verdict(task: TaskOfJob) -> Verdict:
    """Judge a `spark_python_task`."""
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
    return task.verdict(Kind.LOCAL, f"script {shown(task.bundle, file)}", field)


def sql_verdict(task: TaskOfJob) -> Verdict:
    """Judge a `sql_task`."""
    spec = task.task["sql_task"]
    for field in ("query", "dashboard", "alert"):
        if spec.get(field):
            return task.verdict(
                Kind.CLOUD, f"a saved {field} exists only in a workspace", f"sql_task.{field}"
            )
    path = str((spec.get("file") or {}).get("path") or "")
    if not path:
        return task.verdict(Kind.CONFIG, "sql_task has nothing to run", "sql_task", "add `file: {path: …}`")
    if task.is_from_git(str((spec.get("file") or {}).get("source") or "")):
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
            f"{shown(task.bundle, file)} makes a {kind}, which a pipeline of a workspace keeps up to date",
            "sql_task.file.path",
        )
    return task.verdict(Kind.LOCAL, f"SQL file {shown(task.bundle, file)}", "sql_task.file.path")
