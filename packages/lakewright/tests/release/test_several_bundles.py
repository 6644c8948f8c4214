"""Two bundles in one repository: each has its own tags, its own release and its own history."""

import json

import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.release.building import build
from lakewright.release.due import due_releases, newest_releases
from lakewright.release.errors import HistoryError, ReleaseError
from lakewright.release.manifest import read_manifest
from lakewright.release.tag import check_tag
from lakewright.release.verifying import verify

from .conftest import BUNDLE

pytestmark = pytest.mark.unit


@pytest.fixture
def two(origin):
    """The bundles `orders` and `teams/billing`, and none in the repository's own folder."""
    origin.git("rm", "-q", "-r", "--cached", ".")
    (origin.folder / "databricks.yml").unlink()
    for folder in ("orders", "teams/billing"):
        origin.write(f"{folder}/databricks.yml", BUNDLE)
        origin.write(f"{folder}/wheels/lib-2.0-py3-none-any.whl", "lib")
    origin.commit("two bundles")
    return origin


def test_a_tag_is_of_the_bundle_whose_folder_it_names(two):
    commit = two.commit("one", "orders/v1.0.0")
    two.git("tag", "-a", "teams/billing/v7.0.0", "-m", "billing")
    found = check_tag(two.folder / "orders", "orders/v1.0.0", branch="main")
    assert (found.commit, found.before) == (commit, None)
    assert check_tag(two.folder / "teams/billing", "teams/billing/v7.0.0", branch="main").before is None


@pytest.mark.parametrize(
    ("folder", "tag", "words", "fix"),
    [
        ("teams/billing", "orders/v1.0.0", "version of the bundle in `orders`, and this one is in `teams/billing`", "teams/billing/v0.1.0"),
        ("orders", "v1.0.0", "a version of the bundle in the repository's own folder", "git tag orders/v1.1.0"),
        ("orders", "orders/v1", "is no version", "git tag orders/v1.1.0"),
        ("orders", "orders-v1.2.0", "is no version", "git tag orders/v1.1.0"),
        ("orders", "teams/orders/v1.0.0", "a version of the bundle in `teams/orders`", "git tag orders/v1.1.0"),
    ],
)  # fmt: skip
def test_a_tag_of_another_bundle_is_refused_with_the_next_of_this_one(two, folder, tag, words, fix):
    two.commit("one", "orders/v1.0.0")
    with pytest.raises(ReleaseError, match=words) as refused:
        check_tag(two.folder / folder, tag, branch="main")
    assert fix in refused.value.fix


def test_a_newer_version_of_another_bundle_does_not_matter(two):
    two.commit("one", "orders/v1.0.0")
    two.git("tag", "teams/billing/v9.0.0")
    two.git("tag", "v9.0.0")
    check_tag(two.folder / "orders", "orders/v1.0.0", branch="main")
    two.git("tag", "orders/v1.1.0")
    with pytest.raises(ReleaseError, match=r"orders/v1\.0\.0 is older than orders/v1\.1\.0"):
        check_tag(two.folder / "orders", "orders/v1.0.0", branch="main")


def test_the_release_of_one_bundle_is_not_deployed_as_that_of_another_of_the_same_commit(two, tmp_path):
    build(two.folder / "orders", tmp_path / "release")
    assert read_manifest(tmp_path / "release").folder == "orders"
    verify(two.folder / "orders", tmp_path / "release")
    with pytest.raises(ReleaseError, match="of another bundle") as refused:
        verify(two.folder / "teams/billing", tmp_path / "release")
    assert refused.value.fix.endswith(str(two.folder / "orders"))


def test_a_change_beside_the_bundle_is_not_built_into_a_release(two, tmp_path):
    two.write("shared/words.py", "not committed")
    with pytest.raises(ReleaseError, match="files differ from the commit") as refused:
        build(two.folder / "orders", tmp_path / "release")
    assert refused.value.detail == "shared/"


def test_the_bundles_that_changed_since_their_own_release_are_due(two):
    two.commit("one", "orders/v1.0.0")
    assert [(each.folder, each.last, each.next) for each in due_releases(two.folder)] == [
        ("teams/billing", None, "teams/billing/v0.1.0")
    ]
    two.git("tag", "teams/billing/v2.3.4")
    assert due_releases(two.folder / "orders") == ()
    two.write("orders/src/code.py", "1")
    two.commit("change")
    (due,) = due_releases(two.folder)
    assert (due.folder, due.next, due.files) == ("orders", "orders/v1.1.0", ("orders/src/code.py",))
    two.git("tag", "orders/v1.1.0")
    assert due_releases(two.folder) == ()
    two.write("lock", "1")
    two.commit("shared")
    assert [each.folder for each in due_releases(two.folder, shared=["lock"])] == ["orders", "teams/billing"]


def test_a_shallow_clone_does_not_guess_what_is_due(two, tmp_path):
    two.commit("one", "orders/v1.0.0")
    clone = tmp_path / "clone"
    two.git("clone", "-q", "--depth", "1", f"file://{two.folder}", str(clone))
    with pytest.raises(HistoryError, match="lacks older commits"):
        due_releases(clone)


def test_the_newest_release_of_each_bundle_is_the_newest_version_of_those_that_are_given(two):
    for tag in ("orders/v1.9.0", "orders/v1.10.0", "teams/billing/v1.0.0", "v3.0.0", "gone/v1.0.0"):
        two.git("tag", tag)
    assert [each.tag for each in newest_releases(two.folder)] == ["orders/v1.10.0", "teams/billing/v1.0.0"]
    assert [each.tag for each in newest_releases(two.folder, ["orders/v1.9.0", "x"])] == ["orders/v1.9.0"]


def test_the_commands_print_what_a_ci_system_reads(two, monkeypatch):
    two.commit("one", "orders/v1.0.0")
    monkeypatch.chdir(two.folder)
    given = CliRunner().invoke(
        cli, ["release", "newest", "--among", "-", "-o", "json"], input="orders/v1.0.0\nv2.0.0\n"
    )
    assert json.loads(given.stdout) == [{"folder": "orders", "tag": "orders/v1.0.0"}]
    due = CliRunner().invoke(cli, ["release", "due"])
    assert (
        "teams/billing: no release yet\n  git tag teams/billing/v0.1.0 && git push origin teams/billing/v0.1.0"
        in due.stdout
    )
    assert "orders" not in due.stdout
