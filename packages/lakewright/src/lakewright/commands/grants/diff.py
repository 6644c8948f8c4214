"""`lakewright grants diff`: who gains or loses access to what, by a change of the bundle or by a deployment."""

import json
import sys

import click

from lakewright.commands.grants.differences import Difference, between, over_lakehouse, over_workspace
from lakewright.commands.grants.opened import (
    EXIT_PROBLEMS,
    all_option,
    bundles_of,
    output_option,
    project_here,
    target_option,
    variables_option,
)

_SCHEMA_VERSION = 1
_EXIT_CHANGES = 3  # as `plan-gate --fail-on-changes`


@click.command()
@click.argument("refs", required=False, metavar="[REF..REF]")
@click.option(
    "--against", metavar="REF", help="Compare with the bundle at a branch, tag or commit, e.g. origin/main."
)
@click.option(
    "--workspace", is_flag=True, help="What a deployment would change in the workspace of the target."
)
@click.option("--stored", is_flag=True, help="What a deployment would change in the local lakehouse.")
@target_option
@all_option
@variables_option
@click.option("--fail-on-difference", is_flag=True, help="Exit with 2 if anybody gains or loses access.")
@click.option(
    "--exit-code", is_flag=True, help="Exit with 3 if anybody gains or loses access; 2 stays for errors."
)
@output_option("text", "json", "markdown")
def diff(  # noqa: PLR0913 - the options of the command
    *,
    refs: str | None,
    against: str | None,
    workspace: bool,
    stored: bool,
    target: str | None,
    all_targets: bool,
    assignments: tuple[str, ...],
    fail_on_difference: bool,
    exit_code: bool,
    output: str,
) -> None:
    """Show who gains or loses access to what, between two states of the bundle.

    main..HEAD compares two commits, main...HEAD what HEAD has changed since it left main, --against main a commit with your files.
    A right on a catalog or a schema is one row, and so is that of a group. `-o markdown` is a table for the pull request.

    With --workspace or --stored: what a deployment of the bundle would change there. It sets the grants of each object that has grants
    in the bundle, and leaves the others.
    """
    if sum(map(bool, (refs, against, workspace, stored))) != 1:
        raise click.UsageError("give one of: REF..REF, --against REF, --workspace, --stored")
    from lakewright.grants.revisions import refs_of

    project = project_here()
    if stored:
        if target or all_targets:
            raise click.UsageError("--stored compares with the local lakehouse, which has no targets")
        found = [over_lakehouse(project, assignments)]
    elif workspace:
        bundles = bundles_of(project, target, assignments, all_targets=all_targets)
        found = [over_workspace(bundle) for bundle in bundles]
    else:
        if all_targets and target:
            raise click.UsageError("give either --target or --all")
        pair = refs_of(project, refs) if refs else (str(against), None)
        found = list(between(project, pair, [] if all_targets else [target], assignments))
    _print(found, output, {"refs": refs, "against": against, "workspace": workspace, "stored": stored})
    if any(each.changes for each in found) and (exit_code or fail_on_difference):
        sys.exit(_EXIT_CHANGES if exit_code else EXIT_PROBLEMS)


def _print(found: list[Difference], output: str, compared: dict[str, object]) -> None:
    from lakewright.grants.shown.markdown import table_of
    from lakewright.grants.shown.text import lines_of, tally
    from lakewright.grants.shown.words import rows_of_changes

    if output == "json":
        click.echo(_as_json(found, compared))
        return
    for each in found:
        rows = rows_of_changes(each.changes, assumed=each.assumed)
        if output == "markdown":
            click.echo(table_of(rows, target=each.target) + "\n")
            continue
        click.echo(f"{each.target}: {tally(rows)}")
        for line in lines_of(rows):
            colour = {"+": "green", "-": "red"}.get(line[0])
            click.echo(f"  {click.style(line, fg=colour) if colour else line}")


def _as_json(found: list[Difference], compared: dict[str, object]) -> str:
    from lakewright.grants.shown.as_json import changes_as_data

    content = {
        "schema_version": _SCHEMA_VERSION,
        "compared": {key: value for key, value in compared.items() if value},
        "targets": [{"target": each.target, "changes": changes_as_data(each.changes)} for each in found],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
