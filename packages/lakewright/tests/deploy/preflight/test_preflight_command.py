"""`lakewright preflight` from the command line to HTTP and back."""

import pytest

pytest.importorskip("databricks.sdk")

pytestmark = pytest.mark.unit


def test_a_workspace_with_all_that_the_bundle_wants_is_fine(project):
    done = project.run("--all")
    print(done.output, done.exception)
    assert done.exit_code == 0
