"""The steps of our own release: each runs here but the attestation and the sign-in at an index, which need GitHub's token."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import release
from private_index import ReleaseError, private_index
from repository_tools import read_yaml
from soak_commands import uv
from upload_index import taking_uploads

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
WORKFLOW = read_yaml(ROOT / ".github" / "workflows" / "release.yml")
# Knows the two options that the step gives, as the Azure CLI spells them, and refuses everything else.
_AZ = """#!/bin/sh
[ "$*" = "account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken --output tsv" ] ||
  { echo "unrecognized arguments: $*" >&2; exit 2; }
echo a-token-of-entra
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The release of the commit that is checked out."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    release.build(ROOT, folder)
    return folder


@pytest.fixture
def workspace(tmp_path):
    """The files that say which version is released: 1.2.0 of both packages, in the changelog too."""
    for name in release.PACKAGES:
        (tmp_path / "packages" / name).mkdir(parents=True)
        needs = '"databricks-utils==1.2.0"' if name == "lakewright" else ""
        text = f'[project]\nname = "{name}"\nversion = "1.2.0"\ndependencies = [{needs}]\n'
        (tmp_path / "packages" / name / "pyproject.toml").write_text(text)
    changelog = (
        "# Changelog\n\n## 1.2.0 - 2026-11-27\n\n### Added\n\n- This.\n\n## 1.1.0 - 2026-10-01\n\n- That.\n"
    )
    (tmp_path / "CHANGELOG.md").write_text(changelog)
    return tmp_path


def test_a_tag_is_the_version_of_both_packages(workspace):
    assert release.check(workspace, "v1.2.0") == "1.2.0"
    assert release.notes(workspace, "v1.2.0") == "### Added\n\n- This."


@pytest.mark.parametrize(
    "tag", ["1.2.0", "v1.2", "v1.02.0", "v1.2.0-rc.1", "v1.2.0+local", "release", "v1.2.0\n"]
)
def test_a_tag_that_is_no_version_is_refused(workspace, tag):
    with pytest.raises(ReleaseError, match=r"is no version\n  fix: name it v1\.2\.0"):
        release.check(workspace, tag)


@pytest.mark.parametrize(
    ("package", "before", "after", "named"),
    [
        ("databricks-utils", 'version = "1.2.0"', 'version = "1.1.9"', "databricks-utils 1.1.9"),
        ("lakewright", 'version = "1.2.0"', 'version = "1.3.0"', "lakewright 1.3.0"),
        ("lakewright", "utils==1.2.0", "utils==1.1.0", "dependency on databricks-utils 1.1.0"),
        ("lakewright", "utils==1.2.0", "utils>=1.2.0", "dependency on databricks-utils without =="),
    ],
)
def test_a_package_of_another_version_is_refused(workspace, package, before, after, named):
    file = workspace / "packages" / package / "pyproject.toml"
    file.write_text(file.read_text().replace(before, after))
    with pytest.raises(ReleaseError, match=named):
        release.check(workspace, "v1.2.0")


def test_a_version_that_the_changelog_lacks_is_refused(workspace):
    (workspace / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.0rc1 - 2026-11-01\n\n- This.\n")
    with pytest.raises(ReleaseError, match=r"no section for 1\.2\.0\n  fix: make changelog VERSION=1\.2\.0"):
        release.check(workspace, "v1.2.0")


def test_a_fragment_that_is_left_is_refused(workspace):
    (workspace / "changelog.d").mkdir()
    (workspace / "changelog.d" / "README.md").write_text("how to")
    assert release.check(workspace, "v1.2.0")
    (workspace / "changelog.d" / "+late.fixed.md").write_text("- Late.")
    with pytest.raises(ReleaseError, match=r"lacks 1 entries: \+late\.fixed\.md\n  fix: make changelog"):
        release.check(workspace, "v1.2.0")


@pytest.fixture
def history(tmp_path):
    """A repository with v1.2.0 on its main, which a remote has too."""

    def git(*arguments):
        own = ("-c", "user.name=someone", "-c", "user.email=someone@example.com")
        subprocess.run(["git", *own, *arguments], cwd=tmp_path / "here", check=True, capture_output=True)

    (tmp_path / "here").mkdir()
    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "first")
    git("tag", "v1.2.0")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    return tmp_path / "here", git


def test_a_merged_commit_with_the_newest_tag_is_released(history):
    here, git = history
    release.check_commit(here, "v1.2.0")
    git("tag", "v1.2.0rc9")
    git("tag", "v1.10.0")
    git("tag", "version-of-somebody")
    release.check_commit(here, "v1.10.0")
    with pytest.raises(ReleaseError, match=r"v1\.2\.0 is older than v1\.10\.0"):
        release.check_commit(here, "v1.2.0")


def test_a_tag_of_another_or_an_unmerged_commit_is_refused(history):
    here, git = history
    git("commit", "-q", "--allow-empty", "-m", "second")
    with pytest.raises(
        ReleaseError, match=r"v1\.2\.0 is not what is checked out\n  fix: git checkout v1\.2\.0"
    ):
        release.check_commit(here, "v1.2.0")
    git("tag", "v1.3.0")
    with pytest.raises(ReleaseError, match=r"the commit of v1\.3\.0 is not on the branch main") as refused:
        release.check_commit(here, "v1.3.0")
    assert "with the next version" in str(refused.value)  # a protected tag cannot be deleted
    with pytest.raises(
        ReleaseError,
        match=r"there is no tag v1\.4\.0 here\n  fix: fetch the tags: git fetch --tags, or make it .*: git tag v1\.4\.0$",
    ):
        release.check_commit(here, "v1.4.0")


def test_our_packages_have_one_version():
    assert len(set(release.versions(ROOT).values())) == 1


def test_two_builds_are_the_same_bytes(built, tmp_path):
    before = os.umask(0o077)
    try:
        release.build(ROOT, tmp_path / "again")
    finally:
        os.umask(before)
    assert (tmp_path / "again" / release.SUMS).read_bytes() == (built / release.SUMS).read_bytes()


def test_a_release_has_the_licence_and_the_template_and_nothing_that_git_does_not_know(built):
    files = release.whole(built)
    wheels = {
        file.name.split("-")[0]: zipfile.ZipFile(file).namelist() for file in files if file.suffix == ".whl"
    }
    assert all(any(name.endswith("licenses/LICENSE") for name in names) for names in wheels.values())
    assert "lakewright/_template/copier.yml" in wheels["lakewright"]
    listed = ["git", "ls-files", "-z", "template", "copier.yml", "packages"]
    known = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    known = {
        name.partition("/src/")[2] if name.startswith("packages/") else f"lakewright/_template/{name}"
        for name in known
    }
    assert {name for names in wheels.values() for name in names if ".dist-info/" not in name} <= known
    (source,) = (file for file in files if file.name.startswith("lakewright") and file.suffix == ".gz")
    with tarfile.open(source) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert {"copier.yml", "LICENSE", "src/lakewright/cli.py"} <= set(names)


@pytest.mark.parametrize("package", release.PACKAGES)
def test_the_licence_of_a_package_is_that_of_the_repository(package):
    assert (ROOT / "packages" / package / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def changed(folder):
    (file,) = folder.glob("lakewright-*.whl")
    file.write_bytes(file.read_bytes() + b" ")
    return file.name


def removed(folder):
    (file,) = folder.glob("databricks_utils-*.tar.gz")
    file.unlink()
    return file.name


def added(folder):
    (folder / "lakewright-9.9.9-py3-none-any.whl").write_bytes(b"")
    return "lakewright-9.9.9"


@pytest.mark.parametrize("damage", [changed, removed, added])
def test_files_that_were_not_built_are_not_published(built, tmp_path, damage):
    folder = shutil.copytree(built, tmp_path / "dist")
    name = damage(folder)
    with pytest.raises(ReleaseError, match=rf"is not what was built: .*{name}"):
        release.publish(folder, {"UV_PUBLISH_URL": "https://index.example.com/upload"})


def test_a_folder_with_files_is_not_built_into(tmp_path):
    (tmp_path / "old.whl").touch()
    with pytest.raises(ReleaseError, match="not empty\n  fix: name a new folder"):
        release.build(ROOT, tmp_path)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "without it uv uploads to the public index"),
        ("https://upload.pypi.org/legacy/", "upload.pypi.org is a public index"),
        ("https://TEST.PyPI.org./legacy/", "test.pypi.org is a public index"),
        ("https://user:word@index.example.com/upload", "has a user or a password"),
        ("http://index.example.com/upload", "not an https address"),
        ("index.example.com/upload", "not an https address"),
    ],
)
def test_an_index_that_is_not_a_private_one_is_refused(address, reason):
    with pytest.raises(ReleaseError, match=reason):
        private_index({"UV_PUBLISH_URL": address})


def test_a_host_that_only_looks_public_is_accepted():
    address = "https://pypi.org.example.com/legacy/"
    assert private_index({"UV_PUBLISH_URL": address}) == address


def publish(tmp_path, built, index, **variables):
    """Run the workflow's step `Publish`, with a stand-in for the Azure CLI."""
    programs = tmp_path / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "az").write_text(_AZ)
    (programs / "az").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(programs), str(Path(uv()).parent), os.environ["PATH"]]),
        "PYTHON": sys.executable,
        "UV_PUBLISH_URL": index.upload,
        "UV_PUBLISH_CHECK_URL": index.simple,
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        **variables,
    }
    command = ["bash", "scripts/publish.sh", str(built)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_release_is_uploaded_once(tmp_path, built):
    with taking_uploads("entra", "a-token-of-entra") as index:
        done = publish(tmp_path, built, index, PUBLISH_WITH="azure_artifacts")
        assert done.returncode == 0, done.stderr
        assert index.files == {file.name: file.read_bytes() for file in release.whole(built)}
        # What the index has with the same bytes is not sent again: a run that broke off can be repeated.
        assert publish(tmp_path, built, index, PUBLISH_WITH="azure_artifacts").returncode == 0
        assert index.uploads == 4
    assert "a-token-of-entra" not in done.stdout + done.stderr


def test_jfrog_and_passwords_sign_in_with_what_they_are_given(tmp_path, built):
    with taking_uploads("robot", "short-lived") as index:
        done = publish(
            tmp_path, built, index, PUBLISH_WITH="jfrog", JFROG_USER="robot", JFROG_TOKEN="short-lived"
        )
        assert done.returncode == 0, done.stderr
        wrong = {"UV_PUBLISH_USERNAME": "robot", "UV_PUBLISH_PASSWORD": "wrong", "UV_PUBLISH_CHECK_URL": ""}
        refused = publish(tmp_path, built, index, PUBLISH_WITH="password", **wrong)
    assert refused.returncode == 2
    assert "403" in refused.stderr


@pytest.mark.parametrize("way", ["", "pypi"])
def test_an_unknown_way_to_sign_in_uploads_nothing(tmp_path, built, way):
    with taking_uploads("a", "b") as index:
        done = publish(tmp_path, built, index, PUBLISH_WITH=way)
    assert done.returncode == 2
    assert "fix: set the variable of the environment release to azure_artifacts, jfrog" in done.stderr
    assert index.uploads == 0


def test_only_the_job_that_signs_in_can_and_only_after_approval():
    jobs = WORKFLOW["jobs"]
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "attest": {"id-token": "write", "attestations": "write"},
        "publish": {"contents": "read", "id-token": "write"},
        "page": {"contents": "write"},
    }
    assert jobs["publish"]["environment"] == "release"
    assert [jobs[name]["needs"] for name in ("attest", "publish", "page")] == ["build", "attest", "publish"]
    # What installs packages of others has no right but to read, and nothing of a tag's name is put into a script.
    steps = [step for job in jobs.values() for step in job["steps"]]
    assert not [step for step in steps if "${{" in step.get("run", "")]
    assert not [step for step in steps if "secrets." in str(step)]


def test_each_command_of_the_workflow_is_one_of_ours():
    """Each `make` target and script that a step names exists; the tests above run them."""
    makefile = (ROOT / "Makefile").read_text()
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        for job in read_yaml(file)["jobs"].values():
            for line in "\n".join(step.get("run", "") for step in job["steps"]).splitlines():
                words = line.split()
                if words[:1] == ["make"]:
                    targets = [word for word in words[1:] if "=" not in word]
                    assert all(f"\n{target}:" in makefile for target in targets), line
                assert all(
                    (ROOT / word).exists() for word in words if word.startswith(("scripts/", ".ci/"))
                ), line


def test_the_nightly_run_has_every_part_of_the_soak():
    import soak

    parts = read_yaml(ROOT / ".github/workflows/nightly.yml")["jobs"]["soak"]["strategy"]["matrix"]["part"]
    assert parts == list(dict.fromkeys(case.name.partition("/")[0] for case in soak.cases()))
