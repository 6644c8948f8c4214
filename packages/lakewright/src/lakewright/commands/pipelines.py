"""`lakewright pipelines`: what is unsafe in the pipelines of a project."""

import sys
from pathlib import Path

import click


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
    from lakewright.pipelines.place import folder_of_pipelines

    files, found = check_pipelines(folder_of_pipelines(Path.cwd()), allowed_secrets=frozenset(allowed))
    for each in found:
        click.echo(f"{each.file}:{each.line}: {each.rule}: {each.summary}\n  fix: {each.fix}")
    if found:
        click.echo(f"{len(found)} unsafe places in {len({each.file for each in found})} files", err=True)
        sys.exit(2)
    click.echo(f"{len(files)} files, nothing unsafe" if files else "this project has no pipelines")
