"""Release our two packages: what the release workflow runs, and any laptop can.

    python scripts/release.py check v1.2.0      the tag is the version of both packages, newer than all others, on main
    python scripts/release.py build FOLDER      wheels and source distributions of HEAD, the same bytes each time
    python scripts/release.py verify FOLDER     they are whole, twine accepts them, and they work in an empty environment
    python scripts/release.py publish FOLDER    upload them to the private index of UV_PUBLISH_URL, and to no public one
    python scripts/release.py notes v1.2.0      the changelog of this version

Exit code 2: the release must not go on; the message says why.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from private_index import ReleaseError, private_index
from soak_commands import ROOT, uv

PACKAGES = ("databricks-utils", "lakewright")
SUMS = "SHA256SUMS"
# Semantic versions that Python writes in the same way; `v1.2.0-rc.1` would be built as 1.2.0rc1, another name than the tag's.
_TAG = re.compile(
    r"v(?P<version>(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:(?:a|b|rc)(?:0|[1-9]\d*))?)"
)


def versions(root: Path) -> dict[str, str]:
    """Return the version of each package, and the one that `lakewright` needs of the other."""
    projects = {
        name: tomllib.loads((root / "packages" / name / "pyproject.toml").read_text(encoding="utf-8"))[
            "project"
        ]
        for name in PACKAGES
    }
    needed = next(
        line for line in projects["lakewright"]["dependencies"] if line.startswith("databricks-utils")
    )
    found = {name: project["version"] for name, project in projects.items()}
    return {**found, "lakewright's dependency on databricks-utils": needed.partition("==")[2]}


def check(root: Path, tag: str) -> str:
    """Return the version of a tag.

    Raises:
        ReleaseError: The tag is no version, a package has another one, or the changelog has no such section or unreleased entries.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        raise ReleaseError(
            f"the tag {tag} is no version", "name it v1.2.0, or v1.2.0rc1 for a release candidate"
        )
    version = match["version"]
    if differing := {name: found for name, found in versions(root).items() if found != version}:
        shown = ", ".join(f"{name} {found or 'without =='}" for name, found in differing.items())
        raise ReleaseError(
            f"the tag {tag} is not the version of the packages: {shown}",
            "write one version into packages/*/pyproject.toml, commit, and tag that commit",
        )
    notes(root, tag)
    left = [path.name for path in (root / "changelog.d").glob("*.md") if path.name not in {"README.md"}]
    if left:
        raise ReleaseError(
            f"the changelog lacks {len(left)} entries: {', '.join(sorted(left)[:3])}",
            f"make changelog VERSION={version}, commit, and tag that commit",
        )
    return version


def check_commit(root: Path, tag: str) -> None:
    """Check that a tag is newer than all others, and that its commit is checked out and merged.

    Raises:
        ReleaseError: It is not.
    """
    from packaging.version import Version

    from lakewright.errors import LakewrightError
    from lakewright.release.history import check_history
    from lakewright.release.repository import Repository

    try:
        repository = Repository(root)
        tags = (*repository.ask("tag", "--list", "v*").splitlines(), tag)
        versions = {name: Version(name) for name in tags if _TAG.fullmatch(name)}
        fix = "tag a merged commit with the next version, and push the tag"
        check_history(repository, tag, versions, branch="main", fix=fix)
    except LakewrightError as error:
        raise ReleaseError(error.summary, error.fix or "") from error


def notes(root: Path, tag: str) -> str:
    """Return the section of a version in CHANGELOG.md.

    Raises:
        ReleaseError: There is none.
    """
    version = tag.removeprefix("v")
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    match = re.search(rf"^## {re.escape(version)}\b.*\n(?P<section>[\s\S]*?)(?=^## |\Z)", text, re.MULTILINE)
    if match is None:
        raise ReleaseError(
            f"CHANGELOG.md has no section for {version}", f"make changelog VERSION={version}, and commit"
        )
    return match["section"].strip()


def build(root: Path, folder: Path) -> list[Path]:
    """Build both packages from the files of HEAD alone, each wheel from its source distribution; return the files.

    Raises:
        ReleaseError: The folder is not empty, or a build failed.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ReleaseError(f"{folder} is not empty", "name a new folder: all files in it are published")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        # What git does not know (caches, drafts) cannot get into a package, and all files have the modes that git has.
        archive = Path(name) / "source.tar"
        _run("git", "-C", str(root), "archive", "-o", str(archive), "HEAD")
        source = Path(name) / "source"
        source.mkdir()
        _run("tar", "-C", str(source), "-xf", str(archive))
        committed = _run("git", "-C", str(root), "log", "-1", "--format=%ct").strip()
        for package in PACKAGES:
            command = (uv(), "build", "--quiet", "--no-build-isolation", "--python", sys.executable)
            arguments = ("--out-dir", str(folder.absolute()), str(source / "packages" / package))
            _run(*command, *arguments, environment={"SOURCE_DATE_EPOCH": committed})
    (folder / ".gitignore").unlink(missing_ok=True)  # uv writes one
    files = sorted(folder.iterdir())
    lines = [f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    return files


def whole(folder: Path) -> list[Path]:
    """Return the files of a release: a wheel and a source distribution of both packages, of one version.

    Raises:
        ReleaseError: A file is missing, is one too many, or has other bytes than those that were built.
    """
    listed = dict(
        reversed(line.split("  ", 1)) for line in (folder / SUMS).read_text(encoding="utf-8").splitlines()
    )
    there = {file.name: file for file in folder.iterdir() if file.name != SUMS}
    wrong = set(listed) ^ set(there)
    wrong |= {
        name
        for name in set(listed) & set(there)
        if sha256(there[name].read_bytes()).hexdigest() != listed[name]
    }
    version = next((name.split("-")[1] for name in sorted(listed) if name.endswith(".whl")), "")
    stems = [f"{package.replace('-', '_')}-{version}" for package in PACKAGES]
    expected = {f"{stem}{end}" for stem in stems for end in ("-py3-none-any.whl", ".tar.gz")}
    if wrong or set(there) != expected:
        shown = ", ".join(sorted(wrong | (set(there) ^ expected)))
        raise ReleaseError(
            f"{folder} is not what was built: {shown}", "build the release again, in a new folder"
        )
    return [there[name] for name in sorted(there)]


def verify(root: Path, folder: Path) -> None:
    """Check the files of a release: whole, accepted by twine, and at work in an empty environment.

    Raises:
        ReleaseError: One is not.
    """
    files = whole(folder)
    _run(sys.executable, "-m", "twine", "check", "--strict", *map(str, files))
    wheels = [str(file) for file in files if file.suffix == ".whl"]
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        python = str(Path(name) / "venv" / "bin" / "python")
        _run(uv(), "venv", "--quiet", "--python", sys.executable, str(Path(name) / "venv"))
        into = (uv(), "pip", "install", "--quiet", "--python", python)
        _run(*into, "--constraints", str(root / "requirements" / "dev.lock"), *wheels)
        for command in (
            ("-c", "import databricks_utils.medallion, databricks_utils.contracts, lakewright.engine"),
            ("-m", "lakewright", "init", "shop", "--defaults"),
            ("-m", "lakewright", "--version"),
        ):
            _run(python, "-P", *command, folder=Path(name), environment={"PYTHONPATH": ""})


def publish(folder: Path, variables: Mapping[str, str]) -> None:
    """Upload the files of a release; files that the index has with the same bytes are skipped if UV_PUBLISH_CHECK_URL is set.

    Raises:
        ReleaseError: The index is not a private one, a file is not what was built, or uv failed.
    """
    private_index(variables)
    files = whole(folder)
    # Without the settings of a file: an index of uv.toml would go before the variable.
    _run(uv(), "publish", "--no-config", *map(str, files))


def _run(*command: str, folder: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    given = {**os.environ, **(environment or {})}
    done = subprocess.run(
        command,
        cwd=folder,
        # A variable that a workflow sets to nothing is one that uv must not see.
        env={name: value for name, value in given.items() if value or not name.startswith("UV_")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip()
        raise ReleaseError(f"{Path(command[0]).name} {command[1]} failed: {words}", "see its message above")
    return done.stdout


def main(arguments: list[str]) -> int:
    """Run one step; 2 if the release must not go on."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("check", "build", "verify", "publish", "notes"))
    parser.add_argument("subject", metavar="TAG or FOLDER")
    given = parser.parse_args(arguments)
    folder = Path(given.subject)
    try:
        if given.step == "check":
            version = check(ROOT, given.subject)
            check_commit(ROOT, given.subject)
            print(f"{given.subject}: both packages have version {version}, newer than the others, on main")
        elif given.step == "notes":
            print(notes(ROOT, given.subject))
        elif given.step == "build":
            build(ROOT, folder)
            print((folder / SUMS).read_text(encoding="utf-8"), end="")
        elif given.step == "verify":
            verify(ROOT, folder)
            print(f"{folder}: whole, accepted by twine, at work in an empty environment")
        else:
            publish(folder, os.environ)
            print(f"{folder} is on {urlsplit(os.environ['UV_PUBLISH_URL']).hostname}")
    except ReleaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
