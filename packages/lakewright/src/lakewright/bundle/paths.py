"""Relative paths: where they point to on disk, and what they are called in the workspace.

A path is relative to the file that holds it. What is found is written as the workspace path under which it is
uploaded (`${workspace.file_path}/…`, notebooks without their ending); `local_files` is the way back.
"""

import glob
import os
import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from databricks_utils.nearest import nearest
from lakewright.bundle.draft import Draft
from lakewright.bundle.notebooks import (
    ENDINGS,
    find_notebook,
    is_dir,
    is_file,
    notebook_language,
    workspace_name,
)
from lakewright.bundle.tree import Node, format_path, from_plain, match
from lakewright.bundle.tree import Path as KeyPath

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
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NOT_SEARCHED = {"node_modules", "venv", "__pycache__"}
_PIP_FLAGS = ("-r", "-e", "--requirement", "--editable", "-c", "--constraint")
_PACKAGE = re.compile(r"[A-Za-z0-9_-]+\s?(\[.*\])?\s?((==|!=|<=|>=|~=|>|<)\s?[0-9A-Za-z.!+*_-]+,?\s?)*\Z")


class _PathError(Exception):
    """Raised when a path points to nothing, or to the wrong kind of thing."""

    def __init__(self, summary: str, fix: str | None = None) -> None:
        super().__init__(summary)
        self.summary = summary
        self.fix = fix


def infer_sync_root(draft: Draft) -> None:
    """Make `sync` relative to the synchronised root: the bundle's folder, or the one above all sync paths."""
    sync = draft.tree.get("sync")
    if sync is None or not sync.is_map:
        draft.tree.value["sync"] = sync = Node({})
    for field in ("paths", "include", "exclude"):
        for element in sync.get(field).elements() if sync.get(field) else []:  # type: ignore[union-attr]
            element.value = _from_root(draft, element)
    if sync.get("paths") is None or sync.get("paths").value is None:  # type: ignore[union-attr]
        sync.value["paths"] = Node([Node(".")])
    root = draft.root
    for element in sync.get("paths").elements():  # type: ignore[union-attr]
        while not Path(os.path.normpath(draft.root / str(element.value))).is_relative_to(root):
            root = root.parent
    draft.sync_root = root
    relative = _posix(os.path.relpath(draft.root, root))
    for field in ("paths", "include", "exclude"):
        for element in sync.get(field).elements() if sync.get(field) else []:  # type: ignore[union-attr]
            element.value = posixpath.normpath(posixpath.join(relative, str(element.value)))


def _from_root(draft: Draft, node: Node) -> str:
    folder = node.location.file.parent if node.location else draft.root
    return _posix(os.path.relpath(os.path.normpath(folder / str(node.value)), draft.root))


def _posix(path: str) -> str:
    return path.replace(os.sep, "/")


def is_local(text: str) -> bool:
    """Whether a path is relative, so that it points into the project; others belong to the workspace."""
    return bool(text) and not text.startswith(("/", "${", "{{")) and not _SCHEME.match(text)


def is_local_dependency(text: str) -> bool:
    """Whether an environment's dependency is a file of the project and not a package's name."""
    if text.startswith("."):
        return True
    return is_local(text) and not text.startswith("-") and " @ " not in text and not _PACKAGE.match(text)


def translate_paths(draft: Draft) -> None:
    """Check and rewrite every relative path of jobs, pipelines and apps."""
    for path, node, kind in _path_values(draft):
        if not isinstance(node.value, str):
            continue
        try:
            node.value = _translate(draft, path, node, kind)
        except _PathError as error:
            draft.error(error.summary, location=node.location, path=format_path(path), fix=error.fix)
    for _, node in match(draft.tree, "artifacts.*"):
        if node.is_map:
            _artifact_paths(draft, node)


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
        return _relative_to_sync_root(draft, _target(draft, node, text))
    target = _target(draft, node, text)
    try:
        _demand_synchronised(draft, text, target)
        found = _CHECKS[kind](draft, text, target)
    except _PathError as error:
        raise _with_fallback(draft, path, node, kind, error) from None
    if kind == "notebook":
        _warn_of_missing_ending(draft, node, path, target)
    return posixpath.normpath(posixpath.join(draft.tree.text("workspace", "file_path"), found))


def _demand_synchronised(draft: Draft, text: str, target: Path) -> None:
    if not target.is_relative_to(draft.sync_root):
        raise _PathError(
            f"path {text} is not contained in sync root path {draft.sync_root}",
            "move the file below the bundle's folder, or add its folder to `sync.paths`",
        )


def _target(draft: Draft, node: Node, text: str) -> Path:
    folder = node.location.file.parent if node.location else draft.root
    return Path(os.path.normpath(folder / text))


def _relative_to_sync_root(draft: Draft, target: Path) -> str:
    return _posix(os.path.relpath(target, draft.sync_root))


def _dependency(draft: Draft, node: Node) -> str:
    text: str = node.value
    flag, _, rest = text.partition(" ")
    if flag in _PIP_FLAGS and is_local(rest.strip()):
        target = _target(draft, node, rest.strip())
        relative = (
            _file(draft, rest.strip(), target) if target.suffix else _relative_to_sync_root(draft, target)
        )
        return f"{flag} {posixpath.join(draft.tree.text('workspace', 'file_path'), relative)}"
    if not is_local_dependency(text):
        return text
    relative = _relative_to_sync_root(draft, _target(draft, node, text))
    return relative if relative.startswith(".") else f"./{relative}"


def _notebook(draft: Draft, text: str, target: Path) -> str:
    found = find_notebook(target)
    if found is None:
        raise _PathError(f"notebook {text} not found", _nearest_file(draft.sync_root, target, ENDINGS))
    if notebook_language(found) is None:
        first = {".sql": "--", ".scala": "//"}.get(found.suffix, "#")
        raise _PathError(
            f"expected a notebook but {text} is a file",
            f"begin it with the line `{first} Databricks notebook source`, or run it as a `spark_python_task`"
            if found.suffix != ".ipynb"
            else "save it as a Jupyter notebook (JSON with `nbformat`)",
        )
    return workspace_name(_relative_to_sync_root(draft, found))


def _warn_of_missing_ending(draft: Draft, node: Node, path: KeyPath, target: Path) -> None:
    found = find_notebook(target)
    if found is not None and found != target:
        draft.warn(
            f"the notebook {node.value} is named without its ending",
            detail="a local run finds it; the Databricks CLI refuses to deploy it",
            location=node.location,
            path=format_path(path),
            fix=f"write `{node.value}{found.suffix}`",
        )


def _file(draft: Draft, text: str, target: Path) -> str:
    if not is_file(target):
        raise _PathError(f"file {text} not found", _nearest_file(draft.sync_root, target, ()))
    if notebook_language(target):
        raise _PathError(
            f"expected a file but {text} is a notebook",
            "remove its first line `Databricks notebook source`, or run it as a `notebook_task`",
        )
    return _relative_to_sync_root(draft, target)


def _directory(draft: Draft, text: str, target: Path) -> str:
    if not is_dir(target):
        problem = "is not a directory" if is_file(target) else "not found"
        raise _PathError(f"directory {text} {problem}", _nearest_file(draft.sync_root, target, ()))
    return _relative_to_sync_root(draft, target)


def _pattern(draft: Draft, text: str, target: Path) -> str:
    del text
    return _relative_to_sync_root(draft, target)


_CHECKS: dict[str, Callable[[Draft, str, Path], str]] = {
    "notebook": _notebook,
    "file": _file,
    "directory": _directory,
    "glob": _pattern,
}


def _nearest_file(root: Path, target: Path, endings: tuple[str, ...]) -> str:
    """Return a fix that names the file that was probably meant."""
    folder = target.parent
    if not is_dir(folder):
        return f"create it; the folder {folder} does not exist either"
    if is_dir(target):
        return f"{target} is a folder: name a file in it"
    if os.path.islink(target):  # noqa: PTH114 (a name that is too long is no link, no error)
        return f"{target} is a link that leads nowhere: fix it, or name the file itself"
    names = [entry.name for entry in folder.iterdir() if not endings or entry.suffix in endings]
    stems = nearest(target.stem, [Path(name).stem for name in names])
    near = nearest(target.name, names) or [name for name in sorted(names) if Path(name).stem in stems]
    if near:
        return f"did you mean {' or '.join(f'`{name}`' for name in near)} (in {folder})?"
    if other := _elsewhere(root, target.name):
        return f"a file of this name lies at {other}: paths are relative to the file that holds them"
    return f"create {target}, or correct the path: it is relative to the file that holds it"


def _elsewhere(root: Path, name: str) -> Path | None:
    """Return a file of this name below the bundle; folders that no bundle's code lies in are left out."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each not in _NOT_SEARCHED
        )
        if name in files:
            return Path(folder) / name
    return None


def _with_fallback(draft: Draft, path: KeyPath, node: Node, kind: str, error: _PathError) -> _PathError:
    """Name the old rule's mistake: a path relative to the resource's first file instead of its own."""
    resource = draft.tree.get(*path[:3])
    places = resource.locations if resource else ()
    for place in places:
        other = Path(os.path.normpath(place.file.parent / node.value))
        if (
            node.location
            and place.file.parent != node.location.file.parent
            and other.is_relative_to(draft.sync_root)
        ):
            try:
                _CHECKS[kind](draft, node.value, other)
            except _PathError:
                continue
            right = _posix(os.path.relpath(other, node.location.file.parent))
            return _PathError(
                f"path {node.value} is defined relative to {place.file.parent}, not to the file that holds it",
                f"write `{right}`",
            )
    return error


def _artifact_paths(draft: Draft, artifact: Node) -> None:
    path = artifact.get("path")
    folder = (
        _target(draft, path, path.value)
        if path and isinstance(path.value, str) and path.value
        else draft.root
    )
    if not is_dir(folder):
        draft.error(
            f"directory {path.value if path else folder} not found",
            location=path.location if path else artifact.location,
            path="artifacts",
            fix=_nearest_file(draft.sync_root, folder, ()),
        )
    artifact.set(str(folder), "path")
    base = artifact.location.file.parent if artifact.location else draft.root
    for element in artifact.get("files").elements() if artifact.get("files") else []:  # type: ignore[union-attr]
        if source := element.text("source"):
            element.set(source if Path(source).is_absolute() else os.path.normpath(base / source), "source")
    if artifact.text("type") == "whl" and draft.tree.plain("presets", "artifacts_dynamic_version") is True:
        artifact.set(True, "dynamic_version")  # noqa: FBT003 (the value that is set)
    if not artifact.text("build"):
        _expand_artifact_files(draft, artifact)
    if artifact.text("type") == "whl":
        if not artifact.text("build") and not artifact.get("files"):
            artifact.set("python3 setup.py bdist_wheel", "build")
        if not artifact.get("files"):
            artifact.set([{"source": str(folder / "dist" / "*.whl")}], "files")


def _expand_artifact_files(draft: Draft, artifact: Node) -> None:
    """Write the files of an artifact that is not built out by name."""
    files = artifact.get("files")
    expanded = []
    for element in files.elements() if files else []:
        source = element.text("source")
        found = sorted(glob.glob(source)) if glob.has_magic(source) else [source]  # noqa: PTH207 (absolute pattern)
        if not found:
            draft.error(
                f"{source}: no matching files",
                location=element.location,
                path="artifacts",
                fix="correct the pattern, or add the `build` command that makes the files",
            )
        expanded += [from_plain({"source": name}, element.locations) for name in found or [source]]
    if files:
        files.value = expanded


def expand_pipeline_globs(draft: Draft) -> None:
    """Write patterns among a pipeline's notebooks and files (`../src/*.py`) out as one library each."""
    for _, libraries in match(draft.tree, "resources.pipelines.*.libraries"):
        expanded = []
        for library in libraries.elements():
            expanded += _expanded_library(library)
        libraries.value = expanded


def _expanded_library(library: Node) -> list[Node]:
    for kind in ("notebook", "file"):
        path = library.get(kind, "path")
        if (
            path is None
            or not isinstance(path.value, str)
            or not glob.has_magic(path.value)
            or not is_local(path.value)
        ):
            continue
        assert path.location
        folder = path.location.file.parent
        found = sorted(glob.glob(path.value, root_dir=folder))  # noqa: PTH207 (keeps the leading `../`)
        return [
            Node(
                {kind: Node({"path": Node(_posix(name), path.locations)}, library.locations)},
                library.locations,
            )
            for name in found
        ] or [library]
    return [library]
