"""`lakewright pipelines`: what is unsafe in the pipelines of a project."""

import sys
from pathlib import Path

import click

from lakewright.past.git import GitError, git
from lakewright.project import ProjectNotFoundError, find_project
from lakewright.shown_text.counted import counted


@click.group(name="pipelines")
def command() -> None:
    """Check the pipelines of the project's CI system."""


@command.command(name="check")
@click.option(
    "--allow-secret",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="Let this secret of the CI system be used; repeatable.",
)
def check(*, allowed: tuple[str, ...]) -> None:
    """Name what is unsafe in the pipelines for GitHub, Azure DevOps and GitLab, by file and line.

    What runs for a pull request signs in nowhere and deploys nothing. What deploys names its environment, and starts from protected
    branches or tags alone. No secret stands in a file, and what is fetched is pinned.

    In a repository with several bundles these are the files of the repository, since its CI system reads no others.

    Exit code 0: nothing is unsafe. 2: something is.
    """
    from lakewright.pipelines import check_pipelines

    files, found = check_pipelines(folder_of_pipelines(Path.cwd()), allowed_secrets=frozenset(allowed))
    for each in found:
        click.echo(f"{each.file}:{each.line}: {each.rule}: {each.summary}\n  fix: {each.fix}")
    if found:
        in_files = counted(len({each.file for each in found}), "file")
        click.echo(f"{counted(len(found), 'unsafe place')} in {in_files}", err=True)
        sys.exit(2)
    click.echo(f"{counted(len(files), 'file')}, nothing unsafe" if files else "this project has no pipelines")


def folder_of_pipelines(start: Path) -> Path:
    """Return the folder with the pipelines of the project around `start`.

    The project's own folder, if that has some; otherwise the repository's, the only one that a CI system reads.

    Raises:
        ProjectNotFoundError: There is neither a project nor a repository with pipelines.
    """
    from lakewright.pipelines.check import files_of

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
