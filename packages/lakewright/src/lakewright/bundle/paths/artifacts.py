"""The folders and files of artifacts."""

import glob
import os
from pathlib import Path

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, from_plain, match
from lakewright.bundle.paths.nearest_file import nearest_file
from lakewright.bundle.reading.disk import is_dir
from lakewright.bundle.rules.files.undefined_resource import UndefinedResource
from lakewright.bundle.rules.paths.artifact_without_files import ArtifactWithoutFiles
from lakewright.bundle.rules.paths.folder_not_found import FolderNotFound


def translate_artifacts(draft: Draft) -> None:
    """Make the paths of artifacts absolute, and fill in what a wheel's build leaves open."""
    for path, artifact in match(draft.tree, "artifacts.*"):
        name = str(path[1])
        if artifact.is_map:
            _translate(draft, artifact)
            if not artifact.text("build") and not artifact.elements("files"):
                draft.add(ArtifactWithoutFiles.of_artifact(name, artifact.location))
        elif artifact.value is None:
            draft.add(UndefinedResource.of("artifacts", name, artifact.location, f"artifacts.{name}"))


def _translate(draft: Draft, artifact: Node) -> None:
    path = artifact.get("path")
    folder = (
        Path(os.path.normpath(path.location.file.parent / path.value))
        if path and path.location and isinstance(path.value, str) and path.value
        else draft.root
    )
    if not is_dir(folder):
        fix = nearest_file(draft.sync_root, folder)
        place = path.location if path else artifact.location
        draft.add(FolderNotFound.of_artifact(str(path.value if path else folder), fix, place))
    artifact.set(str(folder), "path")
    base = artifact.location.file.parent if artifact.location else draft.root
    for element in artifact.elements("files"):
        if element.is_map:
            element.set(os.path.normpath(base / element.text("source")), "source")
    if artifact.text("type") == "whl" and draft.tree.plain("presets", "artifacts_dynamic_version") is True:
        artifact.set(True, "dynamic_version")  # noqa: FBT003 - the value that is set
    if not artifact.text("build"):
        _expand_artifact_files(draft, artifact)
    if artifact.text("type") == "whl":
        if not artifact.text("build") and not artifact.elements("files"):
            artifact.set("python3 setup.py bdist_wheel", "build")
        if not artifact.elements("files"):
            artifact.set([{"source": str(folder / "dist" / "*.whl")}], "files")


def _expand_artifact_files(draft: Draft, artifact: Node) -> None:
    """Replace the patterns of an artifact without a build by the names of its files."""
    files = artifact.get("files")
    expanded = []
    for element in files.elements() if files else []:
        source = element.text("source")
        found = sorted(glob.glob(source))  # noqa: PTH207 - absolute pattern
        if not found:
            draft.add(ArtifactWithoutFiles.of(source, element.location))
        expanded += [from_plain({"source": name}, element.locations) for name in found or [source]]
    if files:
        files.value = expanded
