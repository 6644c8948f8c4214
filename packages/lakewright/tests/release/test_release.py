"""A release is built once; whatever is not these very bytes of this very commit is refused."""

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.release.building import build
from lakewright.release.due import due_releases
from lakewright.release.errors import HistoryError, ReleaseError
from lakewright.release.repository import Repository
from lakewright.release.verifying import verify

pytestmark = pytest.mark.unit
WHEEL = "dist/shop-1.0-py3-none-any.whl"


@pytest.fixture
def release(origin, tmp_path):
    """The folder of a release of v1.0.0."""
    origin.commit("one", "v1.0.0")
    folder = tmp_path / "release"
    build(origin.folder, folder)
    return folder


def changed(release, **values):
    file = release / "release.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_the_release_holds_each_wheel_that_jobs_need_with_its_hash(origin, release):
    manifest = verify(origin.folder, release, tag="v1.0.0")
    assert [wheel.path for wheel in manifest.wheels] == [WHEEL, "wheels/lib-2.0-py3-none-any.whl"]
    assert manifest.commit == origin.git("rev-parse", "HEAD")
    assert (release / WHEEL).read_bytes() == (origin.folder / WHEEL).read_bytes()


def test_a_second_build_has_other_bytes_and_is_not_the_release(origin, release, tmp_path):
    again = tmp_path / "again"
    build(origin.folder, again)
    shutil.copy(again / WHEEL, release / WHEEL)
    with pytest.raises(ReleaseError, match="is not the one that was built") as refused:
        verify(origin.folder, release)
    assert "what was built anew must be tested anew" in refused.value.fix


def test_the_build_does_not_take_an_older_release(origin, release, tmp_path, monkeypatch):
    origin.write(
        "databricks.yml",
        (origin.folder / "databricks.yml").read_text().replace("$$", "${LAKEWRIGHT_RELEASE:-built}"),
    )
    origin.commit("two")
    monkeypatch.setenv("LAKEWRIGHT_RELEASE", str(release))
    build(origin.folder, tmp_path / "again")
    assert (tmp_path / "again" / WHEEL).read_text() == "built"


def test_a_missing_wheel_and_one_that_is_not_listed_are_refused(origin, release):
    (release / "dist" / "other-1.0-py3-none-any.whl").write_text("other")
    with pytest.raises(ReleaseError, match="a file that the release does not list"):
        verify(origin.folder, release)
    (release / "dist" / "other-1.0-py3-none-any.whl").unlink()
    content = (release / WHEEL).read_bytes()
    (release / WHEEL).unlink()
    with pytest.raises(ReleaseError, match="a wheel of the release is missing"):
        verify(origin.folder, release)
    (release.parent / "elsewhere.whl").write_bytes(content)
    (release / WHEEL).symlink_to(release.parent / "elsewhere.whl")
    with pytest.raises(ReleaseError, match="a wheel of the release is missing"):
        verify(origin.folder, release)


def test_a_release_of_another_commit_or_tag_is_refused(origin, release):
    origin.commit("two", "v1.1.0")
    with pytest.raises(ReleaseError, match="another commit") as refused:
        verify(origin.folder, release)
    assert refused.value.fix.startswith("git checkout ")
    with pytest.raises(ReleaseError, match=r"is not that of v1\.1\.0"):
        verify(origin.folder, release, tag="v1.1.0")
    with pytest.raises(HistoryError, match=r"no tag v9\.0\.0"):
        verify(origin.folder, release, tag="v9.0.0")


def test_changed_files_beside_the_release_are_refused(origin, release):
    origin.write("notebook.py", "print(1)")
    with pytest.raises(ReleaseError, match="files differ from the commit") as refused:
        verify(origin.folder, release)
    assert refused.value.detail == "notebook.py"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"release_version": 2}, "`release_version` is not 1"),
        ({"wheels": [{"path": "../evil.whl", "size": 1, "sha256": "0"}]}, "leads out of the project"),
        ({"wheels": [{"path": "/evil.whl", "size": 1, "sha256": "0"}]}, "leads out of the project"),
        ({"wheels": [{"path": "a.whl"}]}, "size"),
        ({"wheels": None}, "not iterable"),
    ],
)
def test_a_broken_manifest_is_refused(origin, release, values, words):
    changed(release, **values)
    with pytest.raises(ReleaseError, match="manifest of the release cannot be used") as refused:
        verify(origin.folder, release)
    assert words in refused.value.detail


def test_a_folder_without_a_release_is_refused(origin, tmp_path):
    with pytest.raises(ReleaseError, match="holds no release") as refused:
        verify(origin.folder, tmp_path)
    assert "lakewright release build" in refused.value.fix


def test_a_build_refuses_changed_files_and_a_folder_that_is_not_empty(origin, release, tmp_path):
    with pytest.raises(ReleaseError, match="is not empty"):
        build(origin.folder, release)
    origin.write("notebook.py", "print(1)")
    with pytest.raises(ReleaseError, match="files differ from the commit"):
        build(origin.folder, tmp_path / "other")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mkdir -p dist", "echo no backend; exit 3", "the build of artifacts.project failed"),
        ("shop-1.0-py3", "other-1.0-py3", "jobs need one wheel at dist/shop-"),
        ("> dist/shop-1.0", "| tee dist/shop-0.9-py3-none-any.whl > dist/shop-1.0", "there are 2"),
        (", ./wheels/lib-*.whl", ", ./wheels/none-*.whl", "jobs need one wheel at wheels/none-"),
    ],
)
def test_a_build_that_does_not_give_one_wheel_for_each_is_refused(origin, tmp_path, old, new, words):
    text = (origin.folder / "databricks.yml").read_text()
    assert old in text
    origin.write("databricks.yml", text.replace(old, new))
    origin.commit("broken")
    with pytest.raises(ReleaseError, match=words):
        build(origin.folder, tmp_path / "release")
    assert not (tmp_path / "release" / "release.json").exists()


def test_the_commands_print_what_they_did_and_exit_with_2(origin, tmp_path, monkeypatch):
    origin.commit("one", "v1.0.0")
    monkeypatch.chdir(origin.folder)

    def run(*arguments):
        done = CliRunner().invoke(cli, ["release", *arguments])
        return done.exit_code, done.output or str(done.exception), done.exception

    code, printed, _ = run("check", "v1.0.0")
    assert (code, printed.split()[0]) == (0, "v1.0.0")
    code, printed, _ = run("build", "-o", str(tmp_path / "release"))
    assert code == 0, printed
    assert f"{WHEEL}  sha256:" in printed
    code, printed, _ = run("verify", str(tmp_path / "release"), "--tag", "v1.0.0")
    assert (code, printed.endswith("2 wheels as they were built\n")) == (0, True)
    error = run("check", "1.0")[2]
    assert error.exit_code == 2


def test_a_folder_in_the_repository_that_is_not_ignored_is_refused_before_the_build(origin, tmp_path):
    with pytest.raises(ReleaseError, match="would be a change") as refused:
        build(origin.folder, origin.folder / "release")
    assert ".gitignore" in refused.value.fix
    assert not (origin.folder / "release").exists()
    folder = origin.folder / "dist" / "release"
    build(origin.folder, folder)
    assert verify(origin.folder, folder).wheels


def test_a_folder_that_cannot_be_written_is_an_error_and_no_release(origin, monkeypatch, tmp_path):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lakewright.release.building.shutil.copyfile", full)
    with pytest.raises(ReleaseError, match="cannot be written: No space left on device"):
        build(origin.folder, tmp_path / "release")
    with pytest.raises(ReleaseError, match="holds no release"):
        verify(origin.folder, tmp_path / "release")


def test_a_pointer_of_git_lfs_is_no_wheel(origin, tmp_path):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"
    origin.write("wheels/lib-2.0-py3-none-any.whl", pointer)
    origin.commit("pointer")
    with pytest.raises(ReleaseError, match="a pointer of Git LFS") as refused:
        build(origin.folder, tmp_path / "release")
    assert refused.value.fix.startswith("git lfs pull")


def test_without_git_and_for_the_repository_of_another_user_the_fix_is_that_of_git(
    origin, tmp_path, monkeypatch
):
    empty = tmp_path / "empty"
    empty.mkdir()
    program = empty / "git"
    program.write_text(
        "#!/bin/sh\necho \"fatal: detected dubious ownership in repository at '/x'\" >&2\nexit 128\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{empty}:/bin")
    with pytest.raises(ReleaseError, match="dubious") as refused:
        ask(origin)
    assert refused.value.fix.endswith("git config --global --add safe.directory '/x'")
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    with pytest.raises(ReleaseError, match="git is not installed") as refused:
        ask(origin)
    assert refused.value.fix == "install git"


def ask(origin):
    return Repository(origin.folder).root


def test_a_repository_without_a_commit_is_named(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with pytest.raises(HistoryError, match="has no commit"):
        due_releases(tmp_path)


def test_a_name_with_a_line_end_stays_in_its_line(origin, monkeypatch):
    origin.commit("one", "v1.0.0")
    origin.write("a\n::warning::b", "x")
    origin.commit("two")
    monkeypatch.chdir(origin.folder)
    for arguments in (["changed", "v1.0.0..HEAD"], ["due"]):
        said = CliRunner().invoke(cli, ["release", *arguments]).output
        assert "a\\n::warning::b" in said
        assert "\n::" not in said
