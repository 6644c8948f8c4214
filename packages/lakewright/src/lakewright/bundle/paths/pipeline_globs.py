"""Patterns among a pipeline's notebooks and files."""

import glob

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, match
from lakewright.bundle.paths.local_path import folder_of, is_local, posix


def expand_pipeline_globs(draft: Draft) -> None:
    """Replace each pattern (`../src/*.py`) among a pipeline's libraries by one library for each file."""
    for _, libraries in match(draft.tree, "resources.pipelines.*.libraries"):
        expanded = []
        for library in libraries.elements():
            expanded += _expanded_library(draft, library)
        libraries.value = expanded


def _expanded_library(draft: Draft, library: Node) -> list[Node]:
    for kind in ("notebook", "file"):
        path = library.get(kind, "path")
        if (
            path is None
            or not isinstance(path.value, str)
            or not glob.has_magic(path.value)
            or not is_local(path.value)
        ):
            continue
        folder = folder_of(draft, path)
        found = sorted(glob.glob(path.value, root_dir=folder))  # noqa: PTH207 - keeps the leading `../`
        return [
            Node(
                {kind: Node({"path": Node(posix(name), path.locations)}, library.locations)},
                library.locations,
            )
            for name in found
        ] or [library]
    return [library]
