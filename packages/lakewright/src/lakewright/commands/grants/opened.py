"""The bundle of the current folder, for one target or several, with what it declares about access."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lakewright.commands.options.assignments import parse_variables

if TYPE_CHECKING:
    from lakewright.bundle import Bundle
    from lakewright.grants.declared import Declared

EXIT_PROBLEMS = 2

target_option = click.option(
    "-t", "--target", metavar="NAME", help="The target to resolve; without it, the default target."
)
local_option = click.option(
    "--local", is_flag=True, help="Apply config/local.yaml to the target, like `lakewright run`."
)
all_option = click.option("--all", "all_targets", is_flag=True, help="All targets, one after the other.")
variables_option = click.option(
    "--var",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a variable, or several with commas: a=1,b=2; repeatable.",
)


def output_option(*choices: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option `-o`; the first choice is the default."""
    return click.option("-o", "--output", type=click.Choice(choices), default=choices[0], show_default=True)


def project_here() -> Path:
    """Return the project of the current folder, after its `.env` was added to the environment.

    Raises:
        ProjectNotFoundError: There is no bundle here or above.
    """
    from lakewright.env_file import add_env_file
    from lakewright.project import find_project

    project = find_project(Path.cwd())
    add_env_file(project)
    return project


def bundle_of(
    project: Path,
    target: str | None,
    assignments: tuple[str, ...],
    *,
    local: bool = False,
    run_python: bool = True,
) -> "Bundle":
    """Return the bundle of a project, resolved for a target.

    Args:
        project: The project's folder.
        target: The target; None for the default one.
        assignments: The values of `--var`.
        local: Whether `config/local.yaml` is laid over it, as in a local run.
        run_python: Whether the bundle's Python code may be executed.

    Raises:
        BundleError: The bundle cannot be used.
    """
    from lakewright.bundle import load_bundle, load_local_overlay
    from lakewright.grants.declared import require_usable

    overlay = load_local_overlay(project) if local else None
    bundle = load_bundle(
        project, target=target, variables=parse_variables(assignments), local=overlay, run_python=run_python
    )
    return require_usable(bundle)


def bundles_of(
    project: Path,
    target: str | None,
    assignments: tuple[str, ...],
    *,
    all_targets: bool,
    local: bool = False,
) -> "Iterator[Bundle]":
    """Yield the bundle for a target, or for each of its targets.

    Raises:
        BundleError: The bundle cannot be used.
        click.UsageError: One target and all targets are asked for.
    """
    if all_targets and (target or local):
        raise click.UsageError(f"give either --{'target' if target else 'local'} or --all")
    if not all_targets:
        yield bundle_of(project, target, assignments, local=local)
        return
    from lakewright.bundle import load_all_targets
    from lakewright.grants.declared import require_usable

    yield from map(require_usable, load_all_targets(project, variables=parse_variables(assignments)))


def valid(bundle: "Bundle") -> "Declared":
    """Return what a bundle declares about access.

    Raises:
        GrantsError: A privilege or a group is wrong; `lakewright grants check` shows all mistakes.
    """
    from lakewright.grants.declared import declared_by, require_valid

    return require_valid(declared_by(bundle))


def print_notes(declared: "Declared") -> None:
    """Print what the answers do not cover to stderr."""
    for text in declared.resources.elsewhere:
        click.echo(f"note: {text} are not covered", err=True)
    for path in declared.resources.unnamed:
        click.echo(f"note: the name of {path} is known in a workspace only; it is left out", err=True)
    if declared.bundle.python_left_out:
        why = [found.summary for found in declared.bundle.diagnostics if found.code == "LW131"]
        text = ": ".join(["note: Python code of the bundle, which is not executed, may add grants", *why[:1]])
        click.echo(text, err=True)
    for place, near in declared.misspelled.items():
        click.echo(f"note: the bundle does not declare {place}; did you mean {near}?", err=True)
