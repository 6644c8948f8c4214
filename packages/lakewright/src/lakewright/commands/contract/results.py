"""What `lakewright contract test` prints: a block for each table, or one JSON object."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from lakewright.shown_text.counted import counted
from lakewright.shown_text.printable import printable

if TYPE_CHECKING:
    from databricks_utils.contracts.verification import Example, TableResult

_COLOURS = {"passed": "green", "failed": "red", "skipped": "yellow"}
_MOST = 20  # lines of one kind


def print_results(results: "Sequence[tuple[str, TableResult]]", output: str) -> None:
    """Print the results of tables.

    Args:
        results: Each table's label, as `silver.orders`, with its result.
        output: `text` or `json`.
    """
    statuses: list[str] = [result.status for _, result in results]
    totals = {status: statuses.count(status) for status in _COLOURS}
    if output == "json":
        tables = [{"name": label, **asdict(result)} for label, result in results]
        click.echo(json.dumps({**totals, "tables": tables}, indent=2, ensure_ascii=False, default=str))
        return
    for label, result in results:
        status = click.style(result.status, fg=_COLOURS[result.status], bold=True)
        click.echo(f"{status} {label}: {_summary(result)}")
        for line in _lines(result):
            click.echo(f"  {line}")
    click.echo(", ".join(f"{count} {status}" for status, count in totals.items() if count))


def _summary(result: "TableResult") -> str:
    if result.reason:
        return result.reason
    return (
        f"{counted(result.rows, 'row')}, {counted(result.rules, 'rule')} ({result.table}, {result.contract})"
    )


def _lines(result: "TableResult") -> Iterator[str]:
    if result.reason and result.status == "failed":
        yield f"at: {result.table}, {result.contract}"
    if result.fix:
        yield f"fix: {result.fix}"
    yield from (f"contract: {line}" for line in result.problems)
    yield from _shortened(result.differences, "differences")
    for failure in result.failures:
        warns = "warning: " if failure.is_warning else ""
        yield f"{warns}{counted(failure.failed, 'row')} ({failure.rate:.2%}): {failure.reason} (rule {failure.rule})"
        yield from (f"  e.g. {_shown(example)}" for example in failure.examples)
    for twice in result.duplicates:
        columns = ", ".join(twice.columns)
        yield f"{counted(twice.values, 'value')} of ({columns}) more than once, in {counted(twice.rows, 'row')}"
        yield from (f"  e.g. {_shown(example)}" for example in twice.examples)
    for check in result.checks:
        yield f"{'warning: ' if check.is_warning else ''}the table: {check.words}"
    yield from (f"note: {line}" for line in _shortened(result.notes, "notes"))


def _shown(example: "Example") -> str:
    keys = ", ".join(f"{key}={value}" for key, value in example.keys.items())
    text = f"{keys}: {example.value}" if keys else example.value
    return printable(text)


def _shortened(lines: Sequence[str], what: str) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"… and {len(lines) - _MOST} more {what}; -o json has all"
