"""The differences that `lakewright grants diff` shows: between two commits, or by a deployment."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.grants.opened import bundle_of, print_notes, valid
from lakewright.commands.options.assignments import parse_variables
from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.catalog.grants import AccessChange, AccessState, Securable
    from lakewright.bundle import Bundle
    from lakewright.grants.declared import Declared

_MOST = 5  # names in a note


class NothingToCompareError(LakewrightError, LookupError):
    """Raised when neither of two refs has a bundle with the target."""


@dataclass(frozen=True)
class Difference:
    """The changes in one target.

    Attributes:
        target: The target, or the lakehouse, in words.
        changes: Who gains or loses what.
        assumed: The catalogs and schemas on which USE is assumed.
    """

    target: str
    changes: "tuple[AccessChange, ...]"
    assumed: "frozenset[Securable]"


def over_lakehouse(project: Path, assignments: tuple[str, ...]) -> Difference:
    """Return what a deployment would change in the local lakehouse.

    Args:
        project: The project's folder.
        assignments: The values of `--var`.

    Raises:
        NoLakehouseError: There is no lakehouse.
    """
    from lakewright.grants.stored import stored_in

    declared = valid(bundle_of(project, None, assignments, local=True))
    stored = stored_in(project / ".lakewright" / "lakehouse", people=declared.people)
    _notes(declared, stored.notes)
    return _deployed(declared, stored.state, "the local lakehouse")


def over_workspace(bundle: "Bundle") -> Difference:
    """Return what a deployment would change in the workspace of a target.

    Raises:
        WorkspaceError: There are no credentials, or the workspace refuses.
    """
    from lakewright.grants.workspace import workspace_of

    declared = valid(bundle)
    workspace = workspace_of(declared)
    _notes(declared, workspace.notes)
    return _deployed(declared, workspace.state, bundle.target)


def _deployed(declared: "Declared", actual: "AccessState", where: str) -> Difference:
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


def between(
    project: Path, refs: tuple[str, str | None], names: "list[str | None]", assignments: tuple[str, ...]
) -> Iterator[Difference]:
    """Yield the changes between two refs, or a ref and the files, target by target; a target of one side only counts too.

    Args:
        project: The project's folder.
        refs: The earlier ref, and the later one; None for the files.
        names: The targets; None for the default one; empty for all of both sides.
        assignments: The values of `--var`.

    Raises:
        GitError: git does not know a ref.
        NothingToCompareError: Neither side has a bundle with the target.
    """
    from lakewright.bundle import load_bundle
    from lakewright.grants.revisions import bundle_at, declared_at, targets_at

    variables = parse_variables(assignments)
    today = load_bundle(project, run_python=False)  # neither side runs code, so that both are read alike
    with ExitStack() as copies:
        old = copies.enter_context(bundle_at(project, refs[0]))
        new = copies.enter_context(bundle_at(project, refs[1])) if refs[1] else None
        later_targets = targets_at(new) if new else today.targets
        for name in names or list(dict.fromkeys([*later_targets, *targets_at(old)])):
            later: Declared | None
            if new is not None:
                later = declared_at(new, target=name, today=today, variables=variables)
            elif names or name in later_targets:
                later = valid(bundle_of(project, name, assignments, run_python=False))
            else:
                later = None
            same = name or (later.bundle.target if later else None)
            earlier = declared_at(old, target=same, today=today, variables=variables)
            if earlier is None and later is None:
                raise NothingToCompareError(
                    f"there is no bundle with {f'target `{name}`' if name else 'a default target'} at {refs[0]} or {refs[1] or 'now'}",
                    fix="name another ref, or another target with -t",
                )
            if earlier is None:
                click.echo(f"note: {refs[0]} has no bundle with target {same}", err=True)
            yield _compared(earlier, later)


def _compared(earlier: "Declared | None", later: "Declared | None") -> Difference:
    from databricks_utils.catalog.grants import AccessState, PrincipalDirectory, compare

    nothing = AccessState.of(PrincipalDirectory.of())
    sides = [declared for declared in (later, earlier) if declared is not None]
    if later is not None:
        print_notes(later)
    changes = compare(earlier.state if earlier else nothing, later.state if later else nothing)
    assumed = frozenset().union(*(declared.assumed for declared in sides))
    return _difference(sides[0].bundle.target, changes, assumed)


def _difference(
    target: str, changes: "tuple[AccessChange, ...]", assumed: "frozenset[Securable]"
) -> Difference:
    from lakewright.grants.shown.words import without_assumed

    return Difference(target, tuple(without_assumed(changes, assumed)), assumed)
