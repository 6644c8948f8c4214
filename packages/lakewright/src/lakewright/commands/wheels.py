"""`lakewright wheels`: the wheels of our packages that travel in the project; check them, or replace them with others."""

from pathlib import Path

import click

from lakewright.project import find_project


@click.group(name="wheels")
def command() -> None:
    """Check or replace the wheels of our packages in the project's folder wheels/."""


@command.command(name="check")
def check() -> None:
    """Compare the wheels with the sha256 in wheels/wheels.lock."""
    from lakewright.wheels.errors import WheelError, WheelNotFoundError
    from lakewright.wheels.lock import read_lock
    from lakewright.wheels.problems import wheel_problems

    project = find_project(Path.cwd())
    lock = read_lock(project)
    if lock is None:
        raise WheelNotFoundError(
            "this project has no wheels of our packages",
            location=str(project / "wheels"),
            fix="take those that are installed here: lakewright wheels update",
        )
    for problem in wheel_problems(project, lock):
        raise WheelError(problem.summary, location=str(project / problem.file), fix=problem.fix)
    for wheel in lock.wheels:
        state = (
            "ok" if (project / "wheels" / wheel.file).is_file() else f"not downloaded yet from {lock.index}"
        )
        click.echo(f"{wheel.name} {wheel.version}  sha256:{wheel.sha256[:16]}…  {state}")


@command.command(name="update")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="A folder with the new wheels; without it, what is installed here, or the project's private index.",
)
@click.option(
    "--version", metavar="VERSION", help="The version to take; without it, the newest in the folder."
)
def update(source: Path | None, version: str | None) -> None:
    """Replace the wheels, and write the new names and hashes to the files that have them."""
    from lakewright import __version__
    from lakewright.wheels.folder import carry
    from lakewright.wheels.lock import read_lock
    from lakewright.wheels.names import REINSTALL
    from lakewright.wheels.sources import from_folder, from_here, from_index

    project = find_project(Path.cwd())
    lock = read_lock(project)
    index = lock.index if lock else None
    if source is not None:
        wheels = from_folder(source, version)
    elif index:
        wheels = from_index(index, version or __version__)
    else:
        wheels = from_here()
    before = {wheel.name: wheel for wheel in lock.wheels} if lock else {}
    carry(project, wheels, index=index)
    for wheel in wheels:
        old = before.get(wheel.name)
        was = (
            "" if old is None else "  (as before)" if old.sha256 == wheel.sha256 else f"  (was {old.version})"
        )
        click.echo(f"{wheel.name} {wheel.version}  sha256:{wheel.sha256[:16]}…{was}")
    click.echo(f"next: .venv/bin/{REINSTALL}")
    click.echo("      .venv/bin/pip install -r requirements-dev.txt")
