"""The file of a notebook that `%run` or `dbutils.notebook.run` names."""

from __future__ import annotations

from pathlib import Path

from lakewright.runner.errors import NotebookError
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.notebook.cells import find_notebook

# The folders at the top of a workspace; notebooks are named with and without `/Workspace`.
_WORKSPACE = ("/Workspace/", "/Users/", "/Shared/", "/Repos/")


def named_notebook(spec: TaskSpec, folder: Path, name: str) -> Path:
    """Return the notebook's file.

    An absolute name is one of the workspace, where the bundle's files lie below `workspace.file_path`; or one of this machine; or
    begins at the project's root.

    Args:
        spec: The task.
        folder: The folder of the notebook that names it; relative names begin there.
        name: The name, with or without an extension.

    Raises:
        NotebookError: There is no such notebook, or it is one of the workspace that is not in the bundle.
    """
    if not name.startswith("/"):
        return find_notebook((folder / name).resolve())
    own = spec.storage.workspace
    in_bundle = own.local(name) if own else None
    if in_bundle is not None:
        return find_notebook(in_bundle)
    if not name.startswith("/Workspace/") or spec.storage.is_local(name):
        for place in (Path(name), Path(spec.root) / name.lstrip("/")):
            if place.parent.is_dir():
                return find_notebook(place)
    if name.startswith(_WORKSPACE):
        raise NotebookError(
            f"`{name}` is not one of the bundle's notebooks",
            detail=f"those are below {own.path}" if own else None,
            fix="name notebooks of the project relative to this one: `./other`; it works in both places",
        )
    return find_notebook(Path(name))
