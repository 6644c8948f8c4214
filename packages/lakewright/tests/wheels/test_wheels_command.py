"""`lakewright wheels`: what is compared, what is replaced, and what is refused."""

import pytest
from click.testing import CliRunner

from lakewright.commands.wheels import command
from lakewright.wheels.errors import WheelError
from lakewright.wheels.lock import read_lock
from lakewright.wheels.problems import wheel_problems

pytestmark = pytest.mark.unit

FILE = "databricks_utils-1.0-py3-none-any.whl"


def run(*arguments):
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def put(folder, wheels):
    folder.mkdir(exist_ok=True)
    for wheel in wheels:
        (folder / wheel.file).write_bytes(wheel.content)
    return folder


def test_wheels_that_match_the_lock_pass(project):
    shown = run("check").output
    assert shown.count("  ok\n") == 2
    assert "databricks-utils 1.0" in shown


def test_a_wheel_with_another_hash_is_refused(project, wheels_of):
    (project / "wheels" / FILE).write_bytes(wheels_of("1.0", body="VALUE = 2")[0].content)
    with pytest.raises(WheelError, match="its sha256 differs") as refused:
        run("check")
    assert refused.value.location == str(project / "wheels" / FILE)
    assert (
        "restore the file from git, or take the wheels again: lakewright wheels update" in refused.value.fix
    )


def test_a_missing_wheel_is_refused(project):
    (project / "wheels" / FILE).unlink()
    with pytest.raises(WheelError, match="the file is missing"):
        run("check")


def test_a_second_wheel_of_our_packages_is_refused(project, wheels_of):
    put(project / "wheels", wheels_of("2.0")[:1])
    (problem,) = wheel_problems(project, read_lock(project))
    assert problem.summary == "wheels/databricks_utils-2.0-py3-none-any.whl is not in the lock"


def test_a_project_without_a_lock_is_told_how_to_get_one(project):
    (project / "wheels" / "wheels.lock").unlink()
    with pytest.raises(WheelError) as refused:
        run("check")
    assert refused.value.fix == "take those that are installed here: lakewright wheels update"


def test_a_line_that_is_no_wheel_is_refused_with_its_place(project):
    lock = project / "wheels" / "wheels.lock"
    lock.write_text("databricks-utils==1.0\n", encoding="utf-8")
    with pytest.raises(WheelError, match="a line that cannot be read") as refused:
        run("check")
    assert refused.value.location == f"{lock}:1"
    assert refused.value.fix == "write the lock again: lakewright wheels update"


def test_an_update_replaces_files_lock_and_every_mention(project, wheels_of, tmp_path):
    new = put(tmp_path / "new", wheels_of("2.0", body="VALUE = 2"))
    put(new, wheels_of("1.5"))
    shown = run("update", "--from", str(new)).output
    assert "databricks-utils 2.0  sha256:" in shown
    assert "(was 1.0)" in shown
    assert [wheel.version for wheel in read_lock(project).wheels] == ["2.0", "2.0"]
    assert sorted(file.name for file in (project / "wheels").glob("*.whl")) == [
        "databricks_utils-2.0-py3-none-any.whl",
        "lakewright-2.0-py3-none-any.whl",
    ]
    for name in ("requirements-dev.txt", "pyproject.toml"):
        text = (project / name).read_text(encoding="utf-8")
        assert "1.0" not in text
        assert "2.0" in text
    assert "databricks-utils[ml,testing]==2.0" in (project / "pyproject.toml").read_text(encoding="utf-8")
    assert list(wheel_problems(project, read_lock(project))) == []


def test_an_update_to_a_named_version_takes_that(project, wheels_of, tmp_path):
    new = put(put(tmp_path / "new", wheels_of("2.0")), wheels_of("1.5"))
    run("update", "--from", str(new), "--version", "1.5")
    assert {wheel.version for wheel in read_lock(project).wheels} == {"1.5"}


def test_a_damaged_wheel_is_refused_and_nothing_is_replaced(project, wheels_of, tmp_path):
    new = put(tmp_path / "new", wheels_of("2.0", body="VALUE = 22222"))
    file = new / "lakewright-2.0-py3-none-any.whl"
    file.write_bytes(file.read_bytes().replace(b"VALUE = 22222", b"VALUE = 33333"))
    with pytest.raises(WheelError, match="a wheel is not whole") as refused:
        run("update", "--from", str(new))
    assert refused.value.location == str(file)
    assert list(wheel_problems(project, read_lock(project))) == []


def test_wheels_of_two_versions_are_refused(project, wheels_of, tmp_path):
    new = put(put(tmp_path / "new", wheels_of("2.0")[:1]), wheels_of("3.0")[1:])
    with pytest.raises(WheelError, match=r"different versions: databricks-utils 2\.0, lakewright 3\.0"):
        run("update", "--from", str(new))


def test_a_folder_without_our_wheels_is_refused(project, tmp_path):
    with pytest.raises(WheelError, match="no wheel of databricks-utils in this folder"):
        run("update", "--from", str(tmp_path))
