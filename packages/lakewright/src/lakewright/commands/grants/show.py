"""`lakewright grants show`: what a principal may do and why, or who may do what with an object."""

import json
from typing import TYPE_CHECKING

import click

from lakewright.commands.grants.opened import (
    bundle_of,
    local_option,
    output_option,
    print_notes,
    project_here,
    target_option,
    valid,
    variables_option,
)

if TYPE_CHECKING:
    from pathlib import Path

    from databricks_utils.catalog.grants import AccessState, Holding, Securable
    from lakewright.grants.asked import Asked

_SCHEMA_VERSION = 1


@click.command()
@click.argument("principal", required=False)
@click.option(
    "--on", "name", metavar="OBJECT", help="A catalog, schema, table, volume, …: CATALOG.SCHEMA.NAME."
)
@target_option
@click.option(
    "--stored", is_flag=True, help="What the local lakehouse holds, in place of what the bundle declares."
)
@local_option
@variables_option
@output_option("text", "json")
def show(  # noqa: PLR0913 - the options of the command
    *,
    principal: str | None,
    name: str | None,
    target: str | None,
    stored: bool,
    local: bool,
    assignments: tuple[str, ...],
    output: str,
) -> None:
    """Show what PRINCIPAL may do and why: grants, groups, what holds the object, ownership.

    With --on alone: who may do what with the object. With both: what PRINCIPAL may do with it. A right on a catalog or a schema stands
    for all that is in it. A catalog or a schema that the bundle uses and does not declare is assumed to be usable by everybody.
    """
    if principal is None and name is None:
        raise click.UsageError(
            "name a principal, or an object with --on; `lakewright grants check` looks at all"
        )
    from databricks_utils.catalog.grants import rights_of, rights_on
    from lakewright.grants.asked import find, with_person

    if stored and (target or assignments or local):
        raise click.UsageError("--stored shows the local lakehouse, which has no targets and variables")
    asked = _asked(project_here(), target, assignments, stored=stored, local=local)
    more = with_person(asked, principal) if principal else None
    if more is not None:
        click.echo(f"note: nothing names `{principal}`: only what everybody may do is known", err=True)
        asked = more
    securable = find(asked, name) if name else None
    if securable is not None:
        holdings = rights_on(asked.with_object(securable), securable=securable)
        if principal is not None:
            key = asked.state.principals.require(principal)
            holdings = tuple(each for each in holdings if each.principal.lower() == key)
    else:
        holdings = rights_of(asked.state, principal=principal or "")
    if output == "json":
        click.echo(_as_json(asked, principal, securable, holdings))
    else:
        _print(asked, principal, securable, holdings)


def _asked(
    project: "Path", target: str | None, assignments: tuple[str, ...], *, stored: bool, local: bool
) -> "Asked":
    from lakewright.grants.asked import asked_of_bundle, asked_of_lakehouse

    if not stored:
        declared = valid(bundle_of(project, target, assignments, local=local))
        print_notes(declared)
        if not declared.resources.grants:
            click.echo(f"note: the bundle grants nothing in target {declared.bundle.target}", err=True)
        return asked_of_bundle(declared)
    asked, notes = asked_of_lakehouse(project)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    return asked


def _print(
    asked: "Asked", principal: str | None, securable: "Securable | None", holdings: "tuple[Holding, ...]"
) -> None:
    from lakewright.commands.sql_output import print_rows
    from lakewright.grants.shown.words import rows_of_holdings
    from lakewright.shown_text.printable import printable

    click.echo(printable(_heading(asked, principal, securable)))
    shown = holdings if principal else [each for each in holdings if not _is_everybodys(each)]
    rows = rows_of_holdings(shown, assumed=asked.assumed)
    table: list[dict[str, object]] = []
    for row in rows:
        cells: dict[str, object] = {"principal": printable(row.principal)} if principal is None else {}
        cells |= {"may": row.privileges, "on": printable(str(row.securable))}
        why = "; ".join(row.why)
        cells["why"] = printable(f"{why}; without effect unless it has {row.missing}" if row.missing else why)
        table.append(cells)
    if table:
        print_rows(list(table[0]), table, "table")
    else:
        click.echo("nothing")


def _is_everybodys(holding: "Holding") -> bool:
    """Whether somebody has a right only as everybody has it: the row of `account users` says so for all."""
    from databricks_utils.catalog.grants import ACCOUNT_USERS

    ends = [reason.path[-1].lower() for reason in holding.reasons]
    return holding.principal.lower() != ACCOUNT_USERS and all(end == ACCOUNT_USERS for end in ends)


def _heading(asked: "Asked", principal: str | None, securable: "Securable | None") -> str:
    on = f" on {securable}" if securable else ""
    if principal is None:
        return f"access{on} in {asked.where}:"
    state = asked.state
    key = state.principals.require(principal)
    groups = [state.principals.shown[group] for group in state.principals.paths(key) if group != key]
    kind = state.principals.kinds[key].value
    member = f"{kind}, in {', '.join(groups)}" if groups else kind
    return f"{state.principals.shown[key]} ({member}){on} in {asked.where}:"


def _as_json(
    asked: "Asked", principal: str | None, securable: "Securable | None", holdings: "tuple[Holding, ...]"
) -> str:
    from lakewright.grants.shown.as_json import holdings_as_data, securable_as_data

    content: dict[str, object] = {
        "schema_version": _SCHEMA_VERSION,
        "where": asked.where,
        "principal": _principal(asked.state, principal),
        "securable": securable_as_data(securable) if securable else None,
        "rights": holdings_as_data(holdings, assumed=asked.assumed),
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _principal(state: "AccessState", name: str | None) -> dict[str, object] | None:
    if name is None:
        return None
    key = state.principals.require(name)
    groups = [list(path) for group, path in state.principals.paths(key).items() if group != key]
    return {
        "name": state.principals.shown[key],
        "kind": state.principals.kinds[key].value,
        "groups": groups,
    }
