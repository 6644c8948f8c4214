"""Paths of the workspace in a volume: only artifacts may lie in one."""

import pytest

pytestmark = pytest.mark.unit


def errors(project, workspace):
    project.write(
        databricks=f"bundle: {{name: s}}\nvariables: {{c: {{default: main}}}}\nworkspace: {{{workspace}}}\n"
    )
    return [found for found in project.load().diagnostics if found.severity == "error"]


@pytest.mark.parametrize("field", ["root_path", "file_path", "state_path", "resource_path"])
@pytest.mark.parametrize("path", ["/Volumes/a/b/c", "/Volumes/${var.c}/b/c/d"])
def test_a_path_that_is_no_artifact_path_is_one_error(project, field, path):
    (error,) = errors(project, f"{field}: '{path}'")
    assert (error.code, error.path, error.location.line) == ("LW413", f"workspace.{field}", 3)


def test_two_wrong_paths_are_two_errors(project):
    assert len(errors(project, "file_path: /Volumes/a, state_path: /Volumes/b")) == 2


@pytest.mark.parametrize("path", ["/Volumes/a/b", "/Volumes/a", "/Volumes/a//c", "/Volumes/${var.c}/b/"])
def test_an_artifact_path_without_a_volume_is_an_error(project, path):
    (error,) = errors(project, f"artifact_path: '{path}'")
    assert (error.code, error.path) == ("LW413", "workspace.artifact_path")


@pytest.mark.parametrize(
    "workspace",
    [
        "artifact_path: /Volumes/a/b/c",
        "artifact_path: '/Volumes/${var.c}/b/c/.internal'",
        "root_path: /Workspace/Volumes/a",
        "file_path: /Volumesque/a",
    ],
)
def test_other_paths_are_fine(project, workspace):
    assert not errors(project, workspace)
