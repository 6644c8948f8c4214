"""A project in a folder of an existing repository: what CI reads goes to the repository's own folder, once for all bundles.

GitHub reads workflows from the repository's folder alone. The first project with files for GitHub brings them there; those of the next ones
would be the same, so they are left out.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from lakewright.errors import LakewrightError
from lakewright.past.git import GitError, git

_OF_GITHUB = ".github"
# What the workflows of this template have since they handle every bundle of a repository, and what they had before.
_ROLLBACK = Path(_OF_GITHUB) / "workflows" / "rollback.yml"
_EVERY_BUNDLE, _OURS = "inputs.bundle", "lakewright "
_OF_OTHERS = {
    "azure_devops": ("azure-pipelines", ".azuredevops"),
    "gitlab": (".gitlab", ".gitlab-ci.yml"),
}
# The folder begins the tags of its bundle, and stands in scripts of the workflows.
_FOLDER = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*", re.ASCII)
# Git runs the hooks of the repository's own folder alone, and those of the template check one project.
_LEFT_OUT = ".pre-commit-config.yaml"


class RepositoryError(LakewrightError, ValueError):
    """Raised when the files of a project do not fit into the repository around it; nothing was written."""


@dataclass(frozen=True)
class Place:
    """Where a project is in a repository around it.

    Attributes:
        root: The repository's own folder.
        folder: The project's folder in it, such as `pipelines/orders`.
    """

    root: Path
    folder: str

    @property
    def has_workflows(self) -> bool:
        """Whether the repository has workflows that handle every bundle."""
        file = self.root / _ROLLBACK
        return file.is_file() and _EVERY_BUNDLE in file.read_text(encoding="utf-8")


def place_of(project: Path) -> Place | None:
    """Return where a project is, or will be, in the repository around it.

    None: there is no git or no repository, the project is the repository's own folder, or git ignores it.
    """
    existing = next(folder for folder in (project, *project.parents) if folder.is_dir())
    try:
        root = Path(os.fsdecode(git(existing, "rev-parse", "--show-toplevel")).strip("\n")).resolve()
        if project.resolve() == root:
            return None
    except GitError:
        return None
    try:
        git(root, "check-ignore", "--quiet", "--", f"{project.resolve()}/")
    except GitError:  # it ends with 1 for what is not ignored
        return Place(root, project.resolve().relative_to(root).as_posix())
    return None


def refuse_what_does_not_fit(project: Path, place: Place) -> None:
    """Raise if the CI system would not read what was rendered, or if a file of the repository would be replaced.

    Raises:
        RepositoryError: It is so.
    """
    for system, names in _OF_OTHERS.items():
        if any((project / name).exists() for name in names):
            raise RepositoryError(
                f"a project in a folder of a repository gets no files for ci={system}: they are for a bundle at its root",
                location=str(project),
                detail=f"the repository is {place.root}",
                fix="-d ci=none, and write its pipelines as the page of the CI system says under `Several bundles in one repository`",
            )
    if not (project / _OF_GITHUB).exists():
        return
    if not _FOLDER.fullmatch(place.folder) or re.search(r"\.\.|\.lock(?:/|$)|\.(?:/|$)", place.folder):
        raise RepositoryError(
            f"a tag of git cannot begin with the folder `{place.folder}`, and a release of a bundle in a folder is such a tag",
            location=str(project),
            fix="choose names of letters, digits, `_`, `-` and `.` for it and the folders above it, such as pipelines/orders",
        )
    if place.has_workflows:
        return
    if (place.root / _ROLLBACK).exists() and _OURS in (place.root / _ROLLBACK).read_text(encoding="utf-8"):
        raise RepositoryError(
            "the workflows of the repository are of a template that knew one bundle only",
            location=str(place.root / _ROLLBACK),
            fix="replace them by those of a new project (lakewright init elsewhere, and copy its .github), then try again",
        )
    there = [name for name in _rendered(project) if (place.root / name).exists()]
    if there:
        raise RepositoryError(
            "the repository has files of its own where the project's would go",
            location=str(place.root),
            detail=", ".join(there),
            fix="rename or remove them, or take no files for CI: -d ci=none",
        )


def move_to_the_repository(project: Path, place: Place) -> None:
    """Move what CI reads to the repository's folder, or leave it out where the repository has it."""
    (project / _LEFT_OUT).unlink(missing_ok=True)
    if not place.has_workflows:
        for name in _rendered(project):
            (place.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(project / name, place.root / name)
    shutil.rmtree(project / _OF_GITHUB, ignore_errors=True)


def _rendered(project: Path) -> list[str]:
    files = sorted(path for path in (project / _OF_GITHUB).rglob("*") if path.is_file())
    return [file.relative_to(project).as_posix() for file in files]
