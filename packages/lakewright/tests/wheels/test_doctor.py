"""`lakewright doctor` compares a project's wheels with their lock and with what is installed here."""

import pytest

import lakewright
from lakewright.machine_checks import examine_wheels
from lakewright.wheels.folder import carry

pytestmark = pytest.mark.unit


def seen(project):
    return [(finding.level, finding.seen) for finding in examine_wheels(project)]


def test_another_version_than_the_installed_one_is_a_warning_with_the_command(project):
    first, second = examine_wheels(project)
    assert (first.level, first.seen) == (
        "warning",
        f"wheels/ has databricks-utils 1.0; installed: {lakewright.__version__}",
    )
    assert second.fix == "pip install --no-deps --force-reinstall --require-hashes -r wheels/wheels.lock"


def test_wheels_as_locked_and_as_installed_are_in_order(project, wheels_of):
    version = lakewright.__version__
    carry(project, wheels_of(version), index=None)
    assert seen(project) == [
        ("ok", f"databricks-utils {version}, lakewright {version}: as locked and as installed")
    ]


def test_a_missing_wheel_and_a_broken_lock_are_errors(project, wheels_of):
    carry(project, wheels_of(lakewright.__version__), index=None)
    for wheel in (project / "wheels").glob("databricks_utils-*.whl"):
        wheel.unlink()
    assert [(level, "missing" in text) for level, text in seen(project)] == [("error", True)]
    (project / "wheels" / "wheels.lock").write_text("?\n", encoding="utf-8")
    assert [level for level, _ in seen(project)] == ["error"]


def test_a_project_without_a_lock_has_nothing_to_check(project):
    (project / "wheels" / "wheels.lock").unlink()
    assert seen(project) == []
