"""Where the pipelines of a project are: in its folder, or in that of the repository around it."""

from pathlib import Path

from lakewright.past.git import GitError, git
from lakewright.pipelines.check import files_of
from lakewright.project import ProjectNotFoundError, find_project


def folder_of_pipelines(start: Path) -> Path:
    """Return the folder with the pipelines of the project around `start`.

    The project's own folder, if that has some; otherwise the repository's, the only one that a CI system reads.

    Raises:
        ProjectNotFoundError: There is neither a project nor a repository with pipelines.
    """
    root = _repository(start)
    try:
        project = find_project(start)
    except ProjectNotFoundError:
        if root is None or not files_of(root):
            raise
        return root
    return root if root is not None and not files_of(project) else project


def _repository(start: Path) -> Path | None:
    try:
        return Path(git(start, "rev-parse", "--show-toplevel").decode().strip())
    except GitError:
        return None
