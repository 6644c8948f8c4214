"""Which tags may be released."""

import pytest

from lakewright.release.errors import HistoryError, ReleaseError
from lakewright.release.tag import check_tag

pytestmark = pytest.mark.unit


def test_the_first_and_the_next_version_may_be_released(origin):
    first = origin.commit("one", "v1.9.0")
    assert check_tag(origin.folder, "v1.9.0", branch="main").before is None
    second = origin.commit("two", "v1.10.0")
    found = check_tag(origin.folder, "v1.10.0", branch="main")
    assert (found.commit, found.before) == (second, "v1.9.0")
    assert first != second


@pytest.mark.parametrize(
    "tag", ["1.2.3", "v1.2", "v01.2.3", "v1.2.3-rc.1", "v1.2.3\n", "vlatest", "v١.2.3", "--help"]
)
def test_a_tag_that_is_no_version_is_refused_with_the_next_one(origin, tag):
    origin.commit("one", "v1.4.2")
    with pytest.raises(ReleaseError, match="is no version") as refused:
        check_tag(origin.folder, tag, branch="main")
    assert refused.value.fix.endswith("git tag v1.5.0")


def test_a_tag_older_than_the_newest_is_refused_but_to_go_back(origin):
    origin.commit("one", "v1.9.0")
    origin.commit("two", "v1.10.0")
    origin.git("checkout", "-q", "v1.9.0")
    with pytest.raises(ReleaseError, match=r"v1\.9\.0 is older than v1\.10\.0") as refused:
        check_tag(origin.folder, "v1.9.0", branch="main")
    assert "lakewright release check v1.9.0 --older" in refused.value.fix
    assert check_tag(origin.folder, "v1.9.0", branch="main", older=True).before is None


def test_a_tag_of_another_branch_is_refused(origin):
    origin.git("checkout", "-q", "-b", "feature")
    origin.commit("one", "v1.0.0")
    with pytest.raises(ReleaseError, match="is not on the branch main") as refused:
        check_tag(origin.folder, "v1.0.0", branch="main")
    assert "merge it to main" in refused.value.fix


def test_a_tag_that_is_not_checked_out_is_refused(origin):
    origin.commit("one", "v1.0.0")
    origin.commit("two")
    with pytest.raises(ReleaseError, match="is not what is checked out") as refused:
        check_tag(origin.folder, "v1.0.0", branch="main")
    assert refused.value.fix == "git checkout v1.0.0"


def test_a_missing_tag_and_a_missing_branch_are_named(origin):
    with pytest.raises(HistoryError, match=r"no tag v1\.0\.0") as no_tag:
        check_tag(origin.folder, "v1.0.0", branch="main")
    assert "git fetch --tags" in no_tag.value.fix
    origin.commit("one", "v1.0.0")
    with pytest.raises(HistoryError, match="no branch trunk") as no_branch:
        check_tag(origin.folder, "v1.0.0", branch="trunk")
    assert "git fetch origin trunk" in no_branch.value.fix


def test_the_branch_is_that_of_origin_where_there_is_one(origin, tmp_path):
    origin.commit("one")
    clone = tmp_path / "clone"
    origin.git("clone", "-q", str(origin.folder), str(clone))
    origin.git("commit", "-q", "--allow-empty", "-m", "not pushed", folder=clone)
    origin.git("tag", "v1.0.0", folder=clone)
    with pytest.raises(ReleaseError, match="is not on the branch main"):
        check_tag(clone, "v1.0.0", branch="main")


def test_a_shallow_clone_is_refused_with_the_setting_of_each_ci(origin, tmp_path):
    origin.commit("one", "v1.0.0")
    clone = tmp_path / "clone"
    origin.git("clone", "-q", "--depth", "1", "--branch", "v1.0.0", f"file://{origin.folder}", str(clone))
    with pytest.raises(HistoryError, match="lacks older commits") as refused:
        check_tag(clone, "v1.0.0", branch="main")
    assert "fetch-depth: 0" in refused.value.fix
    assert "GIT_DEPTH: 0" in refused.value.fix


def test_a_folder_without_git_is_refused(tmp_path):
    with pytest.raises(ReleaseError) as refused:
        check_tag(tmp_path, "v1.0.0", branch="main")
    assert refused.value.fix == "run it in the project's git repository"
