"""Staging and prod get the bytes that were built and tested once, also where a second build would give others."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from flights_on_workspace import deployer_of, make_ready
from workspace_fake.workspace import FakeWorkspace

from lakewright.release.building import VARIABLE, build
from lakewright.release.manifest import Manifest
from lakewright.release.verifying import verify

pytestmark = pytest.mark.unit

# Builds as `pip wheel` does, without an index; each build is of another time, so that its bytes are others.
_PIP = """#!/bin/sh
export SOURCE_DATE_EPOCH=$({python} -c 'import random; print(random.SystemRandom().randrange(10**9, 2 * 10**9))')
exec {python} -c 'from hatchling.build import build_wheel; build_wheel("dist")'
"""


@pytest.fixture
def workspaces(monkeypatch):
    """The workspaces of staging and prod."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeWorkspace() as staging, FakeWorkspace() as prod:
        yield staging, prod


@pytest.fixture
def commit(flights, tmp_path, monkeypatch):
    """The flights project, committed; `pip` and `python` are programs of the test."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"pip": _PIP, "python": '#!/bin/sh\nexec {python} "$@"\n'}.items():
        (programs / name).write_text(text.format(python=sys.executable))
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.delenv(VARIABLE, raising=False)
    _git(flights, "init", "-q", "-b", "main")
    _git(flights, "add", "-A")
    _git(flights, "commit", "-q", "-m", "first")
    return flights


def _git(folder: Path, *arguments: str) -> None:
    own = ("-c", "user.name=someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def _checked_out(commit: Path, folder: Path) -> Path:
    """A fresh copy, as each job of a CI system has it."""
    _git(commit, "clone", "-q", str(commit), str(folder))
    return folder


def _deployed(workspace, project: Path, target: str) -> dict[str, str]:
    """Deploy; return the sha256 of each wheel in the workspace by its name, and see that jobs name these files."""
    deployer = deployer_of(workspace, project, target, make_ready(workspace, project, target))
    deployer.deploy()
    jobs = workspace.state.jobs.values()
    named = {
        library
        for job in jobs
        for each in job["settings"].get("environments", [])
        for library in each["spec"]["dependencies"]
    }
    return {Path(path).name: sha256(deployer.files.read(path)).hexdigest() for path in named}


def test_staging_and_prod_get_the_bytes_that_were_built_once(commit, tmp_path, workspaces, monkeypatch):
    release, project = tmp_path / "release", _checked_out(commit, tmp_path / "build")
    built = _hashes(build(project, release))
    again = _hashes(build(project, tmp_path / "again"))
    assert {name for name in built if built[name] != again[name]} == {
        each for each in built if "flights" in each
    }
    monkeypatch.setenv(VARIABLE, str(release))
    found = {}
    for target, workspace in zip(("staging", "prod"), workspaces, strict=True):
        project = _checked_out(commit, tmp_path / target)
        verify(project, release)
        found[target] = _deployed(workspace, project, target)
    assert found["staging"] == found["prod"] == built
    assert len(built) == 2


def _hashes(manifest: Manifest) -> dict[str, str]:
    return {Path(wheel.path).name: wheel.sha256 for wheel in manifest.wheels}
