"""Which bundles of a repository a range of commits changes."""

import json

import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.release.changed import changed_bundles
from lakewright.release.errors import HistoryError, ReleaseError

pytestmark = pytest.mark.unit
SMALL = "bundle: {name: %s}\ntargets: {dev: {default: true}}\n"


@pytest.fixture
def monorepo(origin):
    """Bundles a and b, one within a, one that uploads a shared folder, one that builds a shared library."""
    origin.git("rm", "-q", "-r", "--cached", ".")
    (origin.folder / "databricks.yml").unlink()
    for name in ("a", "b", "a/inner"):
        origin.write(f"{name}/databricks.yml", SMALL % name.replace("/", "_"))
        origin.write(f"{name}/src/code.py", "1")
    origin.write("c/databricks.yml", SMALL % "c" + "sync: {paths: [., ../shared]}\n")
    origin.write(
        "d/bundle.yml", SMALL % "d" + "artifacts: {lib: {type: whl, build: make, path: ../libraries/d}}\n"
    )
    origin.write("shared/words.py", "1")
    origin.write("libraries/d/code.py", "1")
    origin.write("requirements.lock", "1")
    origin.commit("all")
    return origin


def folders(monorepo, span="HEAD~1..HEAD", **options):
    return [each.folder for each in changed_bundles(monorepo.folder, span, **options).changed]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("b/src/code.py", ["b"]),
        ("shared/words.py", ["c"]),
        ("libraries/d/code.py", ["d"]),
        ("README.md", []),
        ("a/src/code.py", ["a"]),
        ("a/inner/src/code.py", ["a", "a/inner"]),  # a uploads what lies within it
        ("bb/code.py", []),
    ],
)
def test_a_file_counts_for_the_bundles_that_are_made_of_it(monorepo, file, expected):
    monorepo.write(file, "2")
    monorepo.commit("change")
    assert folders(monorepo) == expected


def test_a_bundle_within_another_is_not_its_own_if_it_is_left_out(monorepo):
    monorepo.write("a/databricks.yml", SMALL % "a" + "sync: {exclude: [inner/**]}\n")
    monorepo.commit("exclude")
    monorepo.write("a/inner/src/code.py", "2")
    monorepo.commit("change")
    assert folders(monorepo) == ["a/inner"]


def test_a_renamed_file_counts_where_it_was_and_where_it_is(monorepo):
    monorepo.git("mv", "a/src/code.py", "b/src/moved.py")
    monorepo.commit("move")
    assert folders(monorepo) == ["a", "b"]


def test_a_name_with_spaces_and_letters_beyond_ascii_counts(monorepo):
    monorepo.write("b/src/größe 1.py", "2")
    monorepo.commit("change")
    assert folders(monorepo) == ["b"]


def test_a_deleted_bundle_is_not_deployed_again(monorepo):
    monorepo.git("rm", "-q", "-r", "b")
    monorepo.commit("delete")
    assert folders(monorepo) == []


def test_a_shared_file_concerns_all(monorepo):
    monorepo.write("requirements.lock", "2")
    monorepo.commit("change")
    assert folders(monorepo) == []
    assert folders(monorepo, shared=["requirements.lock"]) == ["a", "a/inner", "b", "c", "d"]


def test_three_dots_leave_out_what_the_other_branch_changed(monorepo):
    monorepo.git("checkout", "-q", "-b", "feature")
    monorepo.write("a/src/code.py", "2")
    monorepo.commit("mine")
    monorepo.git("checkout", "-q", "main")
    monorepo.write("b/src/code.py", "2")
    monorepo.commit("theirs")
    monorepo.git("checkout", "-q", "feature")
    assert folders(monorepo, "main...HEAD") == ["a"]
    assert folders(monorepo, "main..HEAD") == ["a", "b"]


@pytest.mark.parametrize("base", ["0" * 40, "d" * 40])
def test_a_first_push_and_a_forced_one_change_all_bundles_with_a_note(monorepo, base):
    found = changed_bundles(monorepo.folder, f"{base}..HEAD")
    assert [each.folder for each in found.changed] == ["a", "a/inner", "b", "c", "d"]
    assert "all bundles count as changed" in found.note


def test_an_unknown_branch_is_an_error(monorepo):
    with pytest.raises(HistoryError, match="no commit `origin/main`") as refused:
        folders(monorepo, "origin/main..HEAD")
    assert refused.value.fix == "fetch it: git fetch origin"


def test_a_shallow_clone_is_an_error_and_not_a_guess(monorepo, tmp_path):
    clone = tmp_path / "clone"
    before = monorepo.git("rev-parse", "HEAD")
    monorepo.commit("more")
    monorepo.git("clone", "-q", "--depth", "1", f"file://{monorepo.folder}", str(clone))
    with pytest.raises(HistoryError, match="lacks older commits") as refused:
        changed_bundles(clone, f"{before}..HEAD")
    assert "fetch-depth: 0" in refused.value.fix


@pytest.mark.parametrize("span", ["HEAD", "main..", "..HEAD", "--output=x..HEAD", "HEAD..-x"])
def test_what_is_no_range_is_refused(monorepo, span):
    with pytest.raises(ReleaseError, match="is no range of commits"):
        folders(monorepo, span)


def test_a_range_that_does_not_end_here_is_refused(monorepo):
    monorepo.commit("more")
    with pytest.raises(ReleaseError, match="is not what is checked out"):
        folders(monorepo, "HEAD~2..HEAD~1")


def test_the_bundle_of_the_repository_itself_is_a_dot(origin, monkeypatch):
    origin.write("src/code.py", "1")
    origin.commit("change")
    monkeypatch.chdir(origin.folder)
    done = CliRunner().invoke(cli, ["release", "changed", "HEAD~1..HEAD", "-o", "json"])
    assert json.loads(done.output) == ["."]
    done = CliRunner().invoke(cli, ["release", "changed", "HEAD~1..HEAD"])
    assert done.output == ".  (src/code.py)\n"
