"""`lakewright init`: make a project from the template that ships with the package."""

import shlex
import shutil
import subprocess
from pathlib import Path

import click

from lakewright.commands.options.assignments import parse_assignments


class _WithQuestions(click.Command):
    """A command whose help lists the questions of the template."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the questions, with their defaults."""
        from lakewright.scaffold.questions import read_questions

        super().format_epilog(ctx, formatter)
        with formatter.section("Keys for --data"):
            formatter.write_dl([(each.name, each.in_words) for each in read_questions()])


@click.command(name="init", cls=_WithQuestions)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--defaults", is_flag=True, help="Take every default instead of asking.")
@click.option(
    "-d", "--data", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question; repeatable."
)
@click.option(
    "--wheels",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="A folder with the wheels of our packages; without it, they are made from what is installed here.",
)
@click.option(
    "--index",
    metavar="ADDRESS",
    help="Your company's private index, if our packages are to come from there instead of the project's wheels/.",
)
def command(
    *, folder: Path, defaults: bool, answers: tuple[str, ...], wheels: Path | None, index: str | None
) -> None:
    """Make a new project in FOLDER.

    In a folder of a git repository it is one bundle of several: GitHub's workflows go to the repository's own folder, once for all.

    It asks each question of the list below that --data does not answer.
    """
    from lakewright.runtimes import DEFAULT_RUNTIME, find_runtime
    from lakewright.scaffold import new_project
    from lakewright.scaffold.repository import place_of
    from lakewright.wheels.lock import read_lock
    from lakewright.wheels.problems import download_line

    given = parse_assignments(answers, option="--data")
    if index:
        given["package_index"] = index
    project = new_project(folder, answers=given, ask=not defaults, wheels=wheels)
    lock = read_lock(project)
    place = place_of(project)
    click.echo(f"\nmade {project}\n\nnext:")
    click.echo(f"  cd {shlex.quote(str(folder))}")
    wanted = find_runtime(DEFAULT_RUNTIME).python
    python = choose_interpreter(wanted)
    click.echo(f"  {python} -m venv .venv")
    if lock is not None and lock.index:
        click.echo(f"  .venv/bin/{download_line()}")
    else:
        click.echo("  .venv/bin/pip install --no-deps --require-hashes -r wheels/wheels.lock")
    click.echo("  .venv/bin/pip install -r requirements-dev.txt")
    click.echo("  .venv/bin/lakewright run main_pipeline")
    if place:
        click.echo(
            f"\nIt is the bundle `{place.folder}` of the repository {place.root}: its releases are tags {place.folder}/v1.2.3."
        )
    if place and place.has_workflows:
        click.echo(
            "The workflows of the repository, in its .github, check and deploy every bundle. Commit hooks are left out: CI checks the same."
        )
    if python == "python3":
        click.echo(
            f"\nThe runtimes have Python {wanted}, which is not on PATH here; `lakewright doctor` names what differs."
        )


def choose_interpreter(wanted: str) -> str:
    """Return `python3.12` for `3.12` if this machine has it, else `python3`.

    It is started, because the shim of a version manager is on PATH although its version is not active.
    """
    name = f"python{wanted}"
    found = shutil.which(name)
    starts = (
        found is not None and subprocess.run([found, "-V"], capture_output=True, check=False).returncode == 0
    )
    return name if starts else "python3"
