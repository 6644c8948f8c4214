"""`lakewright release`: what CI asks before it deploys; each command runs on a laptop as well."""

import json
from pathlib import Path
from typing import TextIO

import click

from lakewright.project import find_project
from lakewright.shown_text.counted import counted
from lakewright.shown_text.printable import printable

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(name="release")
def command() -> None:
    """Check a release's tag, build its wheels once, and see that these are what is deployed.

    Each is about the bundle whose folder you are in; `changed`, `due` and `newest` are about all bundles of the repository.
    """


@command.command(name="check")
@click.argument("tag")
@click.option("--branch", default="main", show_default=True, metavar="NAME", help="The branch of releases.")
@click.option("--older", is_flag=True, help="Let the tag be older than the newest: to go back to it.")
def check(*, tag: str, branch: str, older: bool) -> None:
    """Check that TAG is a version vX.Y.Z, newer than all others, of a commit on the branch of releases.

    A bundle that is not in the repository's own folder has its folder before the version: orders/v1.2.3. The tag has to be checked out,
    with the whole history.
    """
    from lakewright.release.tag import check_tag

    found = check_tag(find_project(Path.cwd()), tag, branch=branch, older=older)
    click.echo(f"{found.name} is commit {found.commit}, after {found.before or 'no other version'}")


@command.command(name="build")
@click.option("-o", "--output", "folder", type=_FOLDER, required=True, metavar="FOLDER", help="Where to.")
def build(*, folder: Path) -> None:
    """Build the wheels of the commit that is checked out, with their sha256 in release.json.

    A deployment with LAKEWRIGHT_RELEASE=FOLDER in its environment takes these wheels in place of building.
    """
    from lakewright.release.building import build as build_release

    manifest = build_release(find_project(Path.cwd()), folder.absolute())
    click.echo(f"{manifest.bundle}, commit {manifest.commit}")
    for wheel in manifest.wheels:
        click.echo(f"{wheel.path}  sha256:{wheel.sha256}")
    click.echo(f"next: LAKEWRIGHT_RELEASE={folder.absolute()} databricks bundle plan -t staging")


@command.command(name="verify")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--tag", metavar="TAG", help="Refuse a release of any other tag.")
def verify(*, folder: Path, tag: str | None) -> None:
    """Refuse a FOLDER that is not the release of the commit that is checked out, byte for byte."""
    from lakewright.release.verifying import verify as verify_release

    manifest = verify_release(find_project(Path.cwd()), folder.absolute(), tag=tag)
    click.echo(
        f"{manifest.bundle}, commit {manifest.commit}: {len(manifest.wheels)} wheels as they were built"
    )


@command.command(name="changed")
@click.argument("span", metavar="BASE..HEAD")
@click.option(
    "--shared",
    multiple=True,
    metavar="PATH",
    help="A file or folder of the repository that concerns all bundles; repeatable.",
)
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def changed(*, span: str, shared: tuple[str, ...], output: str) -> None:
    """Print the folders of the bundles that have changed files, also files that they share.

    With -o json a list of folders, for the matrix of a CI system.
    """
    from lakewright.release.changed import changed_bundles

    comparison = changed_bundles(Path.cwd(), span, shared=shared)
    if comparison.note:
        click.echo(f"note: {comparison.note}", err=True)
    if output == "json":
        click.echo(json.dumps([each.folder for each in comparison.changed]))
        return
    for each in comparison.changed:
        count = len(each.files)
        more = (
            f"  ({printable(each.files[0])}{f' and {count - 1} more' if count > 1 else ''})" if count else ""
        )
        click.echo(each.folder + more)


@command.command(name="newest")
@click.option(
    "--among",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="The tags that are releases, one a line, - for the standard input; without it, all tags here.",
)
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def newest(*, among: TextIO | None, output: str) -> None:
    """Print the newest release of each bundle of the repository, by version.

    With -o json a list of objects with folder and tag, for the matrix of a CI system.
    """
    from lakewright.release.due import newest_releases

    tags = among.read().split() if among else None
    found = newest_releases(Path.cwd(), tags)
    if output == "json":
        click.echo(json.dumps([{"folder": each.folder, "tag": each.tag} for each in found]))
        return
    for each in found:
        click.echo(f"{each.folder}  {each.tag}")


@command.command(name="due")
@click.option(
    "--shared",
    multiple=True,
    metavar="PATH",
    help="A file or folder of the repository that concerns all bundles; repeatable.",
)
def due(*, shared: tuple[str, ...]) -> None:
    """Print which bundles have changed since their newest release, and how to release them."""
    from lakewright.release.due import due_releases

    found = due_releases(Path.cwd(), shared=shared)
    for each in found:
        why = (
            f"{counted(len(each.files), 'file')} since {each.last}, such as {printable(each.files[0])}"
            if each.last
            else "no release yet"
        )
        click.echo(f"{each.folder}: {why}\n  git tag {each.next} && git push origin {each.next}")
    if not found:
        click.echo("no bundle has changed since its newest release")
