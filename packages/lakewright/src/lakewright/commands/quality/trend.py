"""`lakewright quality trend`: the newest numbers of each rule, the usual range, and whether the newest run is unusual."""

import json
import sys
from typing import TYPE_CHECKING

import click

from lakewright.commands.quarantine.opened import Opened, open_here, options
from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.quality import RuleTrend

_RUNS = 20
_EXIT_UNUSUAL = 2
_FIX = "run the transformation first: lakewright run transformation"


class NothingMeasuredError(LakewrightError, LookupError):
    """Raised when no run has measured the project's tables yet."""


class UnknownRuleError(LakewrightError, LookupError):
    """Raised when no run has measured a table or a rule of this name."""


@click.command()
@click.argument("table", required=False)
@click.option("--rule", help="Only this rule; with TABLE, each of its runs.")
@click.option(
    "--runs",
    type=click.IntRange(1),
    default=_RUNS,
    show_default=True,
    help="Number of last runs that are compared.",
)
@click.option("--fail-on-unusual", is_flag=True, help="Exit with 2 if the newest run of a rule is unusual.")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options
def trend(  # noqa: PLR0913 - the options of the command
    *,
    table: str | None,
    rule: str | None,
    runs: int,
    fail_on_unusual: bool,
    output: str,
    principal: str | None,
    schema_prefix: str,
) -> None:
    """Show for each rule of TABLE, or of all tables, the newest run and the usual range, what is unusual first.

    The usual range is the median of the earlier runs and three times their scaled median distance from it; it needs five earlier runs.
    """
    from lakewright.commands.quality.shown import print_runs, print_trends, trend_as_json

    found = chosen(_read(open_here(principal, schema_prefix), runs), table=table, rule=rule)
    if output == "json":
        for item in found:
            click.echo(json.dumps(trend_as_json(item), ensure_ascii=False))
    elif rule and len(found) == 1:
        print_runs(found[0])
    else:
        print_trends(found)
    if fail_on_unusual and any(item.is_unusual for item in found):
        sys.exit(_EXIT_UNUSUAL)


def chosen(measured: "tuple[RuleTrend, ...]", *, table: str | None, rule: str | None) -> "list[RuleTrend]":
    """Return the trends of a table and a rule, what is unusual first.

    Args:
        measured: The trends of all rules of all tables.
        table: The last parts of a table's name, e.g. `flights` or `flights_silver.flights`; None: all tables.
        rule: A rule; None: all rules.

    Raises:
        UnknownRuleError: There is no such table, or no such rule in it.
    """
    of_table = [item for item in measured if table is None or f".{item.table}".endswith(f".{table}")]
    if table is not None and not of_table:
        raise _unknown(
            f"no rule of a table `{table}` was measured", table, [_last(item.table) for item in measured]
        )
    found = [item for item in of_table if rule in (None, item.rule)]
    if rule is not None and not found:
        place = f" of {table}" if table else ""
        raise _unknown(f"no rule `{rule}`{place} was measured", rule, [item.rule for item in of_table])
    return sorted(found, key=lambda item: (not item.is_unusual, not item.is_current, item.table, item.rule))


def _read(opened: Opened, runs: int) -> "tuple[RuleTrend, ...]":
    from databricks_utils.quality import read_trends
    from lakewright.project_session import refusals_of_spark

    name = opened.context.table("ops", "quality_metrics")
    with refusals_of_spark():
        measured = (
            read_trends(opened.spark, name, runs=runs) if opened.spark.catalog.tableExists(name) else ()
        )
    if not measured:
        raise NothingMeasuredError(
            "no run has measured the tables of this project yet", location=name, fix=_FIX
        )
    return measured


def _unknown(summary: str, name: str, known: list[str]) -> UnknownRuleError:
    from databricks_utils.nearest import choose_from

    return UnknownRuleError(summary, fix=choose_from(name, dict.fromkeys(known)))


def _last(name: str) -> str:
    return name.rpartition(".")[2]
