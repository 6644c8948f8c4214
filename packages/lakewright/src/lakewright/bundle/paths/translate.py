"""Relative paths of jobs, pipelines and apps: checked, and written as they are called in the workspace.

A path is relative to the file that holds it. It becomes the workspace path under which the file is uploaded
(`${workspace.file_path}/…`, notebooks without their ending); `lakewright.bundle.project_files` does the
reverse.
"""

import os
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, format_path, match
from lakewright.bundle.model.tree import Path as KeyPath
from lakewright.bundle.paths.kinds import CHECKS, PathError, file
from lakewright.bundle.paths.local_path import (
    is_local,
    is_local_dependency,
    posix,
    relative_to_sync_root,
    target_of,
)
from lakewright.bundle.paths.notebooks import find_notebook
from lakewright.bundle.rules.paths.file_not_found import FileNotFound
from lakewright.bundle.rules.paths.notebooks.notebook_without_ending import NotebookWithoutEnding
from lakewright.bundle.rules.paths.path_relative_to_other_file import PathRelativeToOtherFile
from lakewright.bundle.rules.paths.uploads.path_outside_sync_root import PathOutsideSyncRoot

_TASKS = ("resources.jobs.*.tasks[*]", "resources.jobs.*.tasks[*].for_each_task.task")
_IN_TASKS = (
    ("notebook_task.notebook_path", "notebook"),
    ("spark_python_task.python_file", "file"),
    ("dbt_task.project_directory", "directory"),
    ("sql_task.file.path", "file"),
    ("alert_task.workspace_path", "file"),
    ("ai_runtime_task.deployments[*].command_path", "file"),
    ("libraries[*].requirements", "file"),
    ("libraries[*].whl", "local"),
    ("libraries[*].jar", "local"),
)
_PATTERNS = (
    *((f"{task}.{pattern}", kind) for task in _TASKS for pattern, kind in _IN_TASKS),
    ("resources.jobs.*.environments[*].spec.dependencies[*]", "dependency"),
    ("resources.pipelines.*.libraries[*].notebook.path", "notebook"),
    ("resources.pipelines.*.libraries[*].file.path", "file"),
    ("resources.pipelines.*.libraries[*].glob.include", "glob"),
    ("resources.pipelines.*.root_path", "directory"),
    ("resources.pipelines.*.environment.dependencies[*]", "dependency"),
    ("resources.apps.*.source_code_path", "directory"),
)
_PIP_FLAGS = ("-r", "-e")  # Source: the Databricks CLI, libraries/local_path.go; it leaves other flags alone
_QUOTES = "\"'"


def translate_paths(draft: Draft) -> None:
    """Check and rewrite every relative path of jobs, pipelines and apps."""
    for path, node, kind in _path_values(draft):
        if not isinstance(node.value, str):
            continue
        try:
            node.value = _translate(draft, path, node, kind)
        except PathError as error:
            draft.add(replace(error.diagnostic, location=node.location, path=format_path(path)))


def make_paths_relative_to_root(draft: Draft) -> None:
    """Rewrite the relative paths of resources so that they count from the bundle's root: so Python code sees and writes them."""
    for _, node, kind in _path_values(draft):
        if isinstance(node.value, str):
            node.value = _from_root(draft, node, kind)
    draft.paths_from_root = True


def _from_root(draft: Draft, node: Node, kind: str) -> str:
    text: str = node.value
    flag, _, rest = text.partition(" ")
    if kind == "dependency" and flag in _PIP_FLAGS and is_local(rest.strip().strip(_QUOTES)):
        quote = rest.strip()[0] if rest.strip()[0] in _QUOTES else ""
        inner = rest.strip().strip(_QUOTES)
        return f"{flag} {quote}{_relative_to_root(draft, node, inner)}{quote}"
    if kind == "dependency":
        if not is_local_dependency(text):
            return text
        relative = _relative_to_root(draft, node, text)
        return relative if relative.startswith(".") else f"./{relative}"
    return _relative_to_root(draft, node, text) if is_local(text) else text


def _relative_to_root(draft: Draft, node: Node, text: str) -> str:
    return posix(os.path.relpath(target_of(draft, node, text), draft.root))


def _path_values(draft: Draft) -> Iterator[tuple[KeyPath, Node, str]]:
    from_git = {key for key, job in draft.resources("jobs") if job.get("git_source") is not None}
    for pattern, kind in _PATTERNS:
        for path, node in match(draft.tree, pattern):
            if not (path[1] == "jobs" and path[2] in from_git):
                yield path, node, kind


def _translate(draft: Draft, path: KeyPath, node: Node, kind: str) -> str:
    text: str = node.value
    if kind == "dependency":
        return _dependency(draft, node)
    if not is_local(text) or text.startswith("$"):
        return text
    if kind == "local":
        return relative_to_sync_root(draft, target_of(draft, node, text))
    target = target_of(draft, node, text)
    try:
        _check_uploaded(draft, text, target)
        found = CHECKS[kind](draft, text, target)
    except PathError as error:
        raise _with_fallback(draft, path, node, kind, error) from None
    if kind == "notebook":
        _warn_of_missing_ending(draft, node, path, target)
    return posixpath.normpath(posixpath.join(draft.tree.text("workspace", "file_path"), found))


def _check_uploaded(draft: Draft, text: str, target: Path) -> None:
    if not target.is_relative_to(draft.sync_root):
        raise PathError(PathOutsideSyncRoot.of(text, draft.sync_root))


def _dependency(draft: Draft, node: Node) -> str:
    text: str = node.value
    flag, _, rest = text.partition(" ")
    named = rest.strip()
    if flag in _PIP_FLAGS and is_local(named.strip(_QUOTES)):
        if named[0] in _QUOTES:
            _refuse_quotes(draft, node, flag, named)
        target = target_of(draft, node, named)
        relative = file(draft, named, target) if target.suffix else relative_to_sync_root(draft, target)
        return f"{flag} {posixpath.join(draft.tree.text('workspace', 'file_path'), relative)}"
    if not is_local_dependency(text):
        return text
    relative = relative_to_sync_root(draft, target_of(draft, node, text))
    return relative if relative.startswith(".") else f"./{relative}"


def _refuse_quotes(draft: Draft, node: Node, flag: str, named: str) -> None:
    """Raise an error for a relative path in quotes whose file exists: the CLI takes the quotes for a part of the name."""
    target = target_of(draft, node, named.strip(_QUOTES))
    if target.exists():
        relative = relative_to_sync_root(draft, target)
        fix = f"write `{flag} {named[0]}${{workspace.file_path}}/{relative}{named[0]}`: only a full path may stand in quotes"
        raise PathError(FileNotFound.of(named, fix))


def _warn_of_missing_ending(draft: Draft, node: Node, path: KeyPath, target: Path) -> None:
    found = find_notebook(target)
    if found is not None and found != target:
        draft.add(NotebookWithoutEnding.of(node.value, found.suffix, node.location, format_path(path)))


def _with_fallback(draft: Draft, path: KeyPath, node: Node, kind: str, error: PathError) -> PathError:
    """Return a better error if the path is right relative to another file of the resource, else the given error."""
    resource = draft.tree.get(*path[:3])
    places = resource.locations if resource else ()
    written = node.value
    if draft.paths_from_root and node.location:
        written = os.path.relpath(draft.root / node.value, node.location.file.parent)
        beside = (
            node.location.file.parent / node.value
        )  # Python code counts from the root, not from its own file
        if node.location.file.suffix == ".py" and beside.exists() and beside.is_relative_to(draft.root):
            right = posix(os.path.relpath(beside, draft.root))
            return PathError(PathRelativeToOtherFile.of_python(node.value, right))
    for place in places:
        other = Path(os.path.normpath(place.file.parent / written))
        if (
            node.location
            and place.file.parent != node.location.file.parent
            and other.is_relative_to(draft.sync_root)
        ):
            try:
                CHECKS[kind](draft, written, other)
            except PathError:
                continue
            right = posix(os.path.relpath(other, node.location.file.parent))
            return PathError(PathRelativeToOtherFile.of(written, place.file.parent, right))
    return error
