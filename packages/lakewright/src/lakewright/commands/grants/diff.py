"""`lakewright grants diff`: who gains or loses access to what, by a change of the bundle or by a deployment."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.grants.opened import (
    EXIT_PROBLEMS,
    all_option,
    bundle_of,
    bundles_of,
    output_option,
    print_notes,
    project_here,
    target_option,
    valid,
    variables_option,
)

if TYPE_CHECKING:
    from databricks_utils.catalog.grants import AccessChange, AccessState, Securable
    from lakewright.bundle import Bundle
    from lakewright.grants.declared import Declared

_SCHEMA_VERSION = 1


@dataclass(frozen=True)
class _Difference:
    """The changes in one target."""

    target: str
    changes: "tuple[AccessChange, ...]"
    assumed: "frozenset[Securable]"


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
    output: str,
) -> None:
    """Show who gains or loses access to what: between two commits (main..HEAD), or a commit and your files (--against main).

    A right on a catalog or a schema is one row, and so is that of a group. `-o markdown` is a table for the pull request.

    With --workspace or --stored: what a deployment of the bundle would change there. It sets the grants of each object that has grants
    in the bundle, and leaves the others.
    """
    if sum(map(bool, (refs, against, workspace, stored))) != 1:
        raise click.UsageError("give one of: REF..REF, --against REF, --workspace, --stored")
    project = project_here()
    if stored:
        if target or all_targets:
            raise click.UsageError("--stored compares with the local lakehouse, which has no targets")
        found = [_over_lakehouse(project, assignments)]
    elif workspace:
        bundles = bundles_of(project, target, assignments, all_targets=all_targets)
        found = [_over_workspace(bundle) for bundle in bundles]
    else:
        found = list(_between(project, refs, against, target, assignments, all_targets=all_targets))
    _print(found, output, {"refs": refs, "against": against, "workspace": workspace, "stored": stored})
    if fail_on_difference and any(each.changes for each in found):
        sys.exit(EXIT_PROBLEMS)


def _over_lakehouse(project: Path, assignments: tuple[str, ...]) -> _Difference:
    from lakewright.grants.stored import stored_in

    declared = valid(bundle_of(project, None, assignments, local=True))
    stored = stored_in(project / ".lakewright" / "lakehouse", people=declared.people)
    _notes(declared, stored.notes)
    return _deployed(declared, stored.state, "the local lakehouse")


def _over_workspace(bundle: "Bundle") -> _Difference:
    from lakewright.grants.workspace import workspace_of

    declared = valid(bundle)
    workspace = workspace_of(declared)
    _notes(declared, workspace.notes)
    return _deployed(declared, workspace.state, bundle.target)


def _deployed(declared: "Declared", actual: "AccessState", where: str) -> _Difference:
    from databricks_utils.catalog.grants import compare
    from lakewright.grants.deployed import deployed_over, missing_objects

    missing = missing_objects(actual, declared)
    if missing:
        names = ", ".join(str(place) for place in missing[:5]) + (", …" if len(missing) > 5 else "")
        click.echo(f"note: not there yet, a deployment makes it: {names}", err=True)
    assumed = frozenset(place for place in declared.assumed if place not in actual.owners)
    changes = compare(*deployed_over(actual, declared))
    return _difference(where, changes, assumed)


def _notes(declared: "Declared", notes: tuple[str, ...]) -> None:
    print_notes(declared)
    for note in notes:
        click.echo(f"note: {note}", err=True)


def _between(  # noqa: PLR0913 - the options of the command
    project: Path,
    refs: str | None,
    against: str | None,
    target: str | None,
    assignments: tuple[str, ...],
    *,
    all_targets: bool,
) -> Iterator[_Difference]:
    """Yield the changes between two refs, or a ref and the files, target by target; a target of one side only counts too."""
    from lakewright.bundle import load_bundle
    from lakewright.grants.revisions import bundle_at, declared_at, refs_of, targets_at

    if all_targets and target:
        raise click.UsageError("give either --target or --all")
    before, after = refs_of(refs) if refs else (str(against), None)
    variables = _variables(assignments)
    here = load_bundle(project, target=target if target else None)
    user = ((here.resolved.get("workspace") or {}).get("current_user") or {}).get("userName")
    with ExitStack() as copies:
        old = copies.enter_context(bundle_at(project, before))
        new = copies.enter_context(bundle_at(project, after)) if after else None
        known = dict.fromkeys([*(targets_at(new) if new else here.targets), *targets_at(old)])
        names: list[str | None] = list(known) if all_targets else [target]
        for name in names:
            earlier = declared_at(old, target=name, user=user, variables=variables)
            if new is not None:
                later = declared_at(new, target=name, user=user, variables=variables)
            elif name is not None and all_targets and name not in here.targets:
                later = None
            else:
                later = valid(bundle_of(project, name, assignments))
            yield _compared(earlier, later, name)


def _variables(assignments: tuple[str, ...]) -> dict[str, str]:
    from lakewright.commands.assignments import parse_variables

    return parse_variables(assignments)


def _compared(earlier: "Declared | None", later: "Declared | None", name: str | None) -> _Difference:
    from databricks_utils.catalog.grants import AccessState, PrincipalDirectory, compare

    nothing = AccessState.of(PrincipalDirectory.of())
    assumed: frozenset[Securable] = frozenset()
    for declared in (earlier, later):
        assumed |= declared.assumed if declared else frozenset()
    if later is not None:
        print_notes(later)
        name = later.bundle.target
    changes = compare(earlier.state if earlier else nothing, later.state if later else nothing)
    return _difference(name or (earlier.bundle.target if earlier else "default"), changes, assumed)


def _difference(
    target: str, changes: "tuple[AccessChange, ...]", assumed: "frozenset[Securable]"
) -> _Difference:
    from lakewright.grants.shown.words import without_assumed

    return _Difference(target, tuple(without_assumed(changes, assumed)), assumed)


def _print(found: list[_Difference], output: str, compared: dict[str, object]) -> None:
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


def _as_json(found: list[_Difference], compared: dict[str, object]) -> str:
    from lakewright.grants.shown.as_json import changes_as_data

    content = {
        "schema_version": _SCHEMA_VERSION,
        "compared": {key: value for key, value in compared.items() if value},
        "targets": [{"target": each.target, "changes": changes_as_data(each.changes)} for each in found],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
