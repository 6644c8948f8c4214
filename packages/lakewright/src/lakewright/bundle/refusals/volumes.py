"""Paths of the workspace that lie in a volume: only artifacts may, and their path names a whole volume.

Source: https://github.com/databricks/cli/blob/main/bundle/config/validate/validate_volume_path.go and
    https://github.com/databricks/cli/blob/main/bundle/config/validate/validate_artifact_path.go
"""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import references
from lakewright.bundle.rules.paths.workspace_path_in_volume import WorkspacePathInVolume

_VOLUMES = "/Volumes/"
_NEVER_IN_A_VOLUME = ("file_path", "state_path", "resource_path")


def check_volume_paths(draft: Draft) -> None:
    """Report paths in a volume that a deployment cannot use; the paths below a wrong root follow from it."""
    workspace = draft.tree.get("workspace")
    assert workspace is not None
    if workspace.text("root_path").startswith(_VOLUMES):
        draft.add(WorkspacePathInVolume.of("root_path"))
        return
    for field in _NEVER_IN_A_VOLUME:
        if workspace.text(field).startswith(_VOLUMES):
            draft.add(WorkspacePathInVolume.of(field))
    artifacts = workspace.text("artifact_path")
    if artifacts.startswith(_VOLUMES) and not references(artifacts) and not _names_a_volume(artifacts):
        draft.add(WorkspacePathInVolume.of_artifacts(artifacts))


def _names_a_volume(path: str) -> bool:
    steps = path.removeprefix(_VOLUMES).split("/")[:3]
    return len(steps) == 3 and all(steps)
