"""Builds the wheels of a bundle once, and keeps them with their hashes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lakewright.bundle import Bundle, is_wheel, load_bundle, raise_on_errors
from lakewright.bundle.paths.wheel_names import wheel_path
from lakewright.release.errors import ReleaseError
from lakewright.release.manifest import Manifest, Wheel, wheel_of, write_manifest
from lakewright.release.repository import Repository

# A build command that finds this variable takes the wheels of that release in place of building.
VARIABLE = "LAKEWRIGHT_RELEASE"
_SECONDS = 1800
_LAST_LINES = 12
# Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer
_POINTER = b"version https://git-lfs.github.com/spec/v1"


def build(project: Path, folder: Path) -> Manifest:
    """Build the wheels of the commit that is checked out, and write them with a manifest.

    Args:
        project: The project; its files are those of the commit.
        folder: Where to write; created if missing, and must be empty.

    Raises:
        ReleaseError: Files differ from the commit, a build fails, or a wheel that jobs need is missing or there twice.
        BundleError: The bundle has errors.
    """
    repository = Repository(project)
    repository.refuse_changes()
    commit = repository.head
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ReleaseError(
            "the folder for the release is not empty",
            location=str(folder),
            fix="choose another one, or remove it first",
        )
    if repository.is_change(folder):
        raise ReleaseError(
            "the folder for the release lies in the repository, where it would be a change of the commit",
            location=str(folder),
            fix="choose one outside of it, or one that .gitignore names",
        )
    bundle = load_bundle(project, run_python=False)
    raise_on_errors(bundle)
    for name, artifact in (bundle.resolved.get("artifacts") or {}).items():
        if isinstance(artifact, dict) and artifact.get("build"):
            _run(name, artifact, bundle.root)
    repository.refuse_changes()  # by the build
    files = _wheels(bundle)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        wheels = tuple(sorted(_copied(file, path, folder) for path, file in files.items()))
        manifest = Manifest(bundle.name, commit, wheels, repository.place)
        write_manifest(folder, manifest)  # last: without it the folder is no release
    except OSError as error:
        raise ReleaseError(
            f"the release cannot be written: {error.strerror or error}",
            location=str(folder),
            fix="remove what is there, and give it a folder that you may write, with room for the wheels",
        ) from error
    return manifest


def _run(name: str, artifact: dict[str, Any], root: Path) -> None:
    command, place = str(artifact["build"]), root / str(artifact.get("path") or ".")
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    # The CLI runs the command by a shell as well, bash before sh.
    shell = str(artifact.get("executable") or shutil.which("bash") or "sh")
    try:
        done = subprocess.run(
            [shell, "-ec", command],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(name, command, place, str(error)) from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise _failed(name, command, place, "\n".join(lines[-_LAST_LINES:]))


def _failed(name: str, command: str, place: Path, why: str) -> ReleaseError:
    return ReleaseError(
        f"the build of artifacts.{name} failed",
        detail=why,
        location=str(place),
        fix=f"run it there, and read what it prints: {command}",
    )


def _wheels(bundle: Bundle) -> dict[str, Path]:
    """Return the local wheels that jobs need, by their path below the folder that is uploaded."""
    found: dict[str, Path] = {}
    for pattern in sorted(set(_patterns(bundle.resolved.get("resources") or {}))):
        files = sorted(path for path in bundle.sync_root.glob(pattern) if path.is_file())
        if len(files) != 1:
            names = ", ".join(file.name for file in files) or "no file"
            raise ReleaseError(
                f"jobs need one wheel at {pattern}: there are {len(files)}",
                detail=f"found: {names}",
                location=str(bundle.sync_root / Path(pattern).parent),
                fix="let the artifact's build command remove older wheels first"
                if files
                else "declare an artifact in databricks.yml whose `build` makes it, or commit the wheel",
            )
        _refuse_pointer(files[0])
        found[files[0].relative_to(bundle.sync_root).as_posix()] = files[0]
    if not found:
        raise ReleaseError(
            "the bundle's jobs use no local wheel, so there is nothing to build",
            location=str(bundle.root_file),
            fix="deploy the commit itself: databricks bundle deploy",
        )
    return found


def _refuse_pointer(file: Path) -> None:
    """Raise if Git LFS has left out what a wheel holds."""
    with file.open("rb") as opened:
        if opened.read(len(_POINTER)) != _POINTER:
            return
    raise ReleaseError(
        f"{file.name} is a pointer of Git LFS, not the wheel",
        location=str(file),
        fix="git lfs pull; in CI: `lfs: true` of the checkout (GitHub, Azure DevOps), an image with git-lfs (GitLab)",
    )


def _patterns(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _patterns(each)
    elif isinstance(value, str) and is_wheel(value) and not value.startswith(("/", "dbfs:", "http")):
        yield wheel_path(value).removeprefix("./")


def _copied(file: Path, path: str, folder: Path) -> Wheel:
    copy = folder / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, copy)
    return wheel_of(copy, path)
