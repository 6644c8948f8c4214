"""Trends of rules on the terminal: numbers in words, and a bar for each run; and the same as JSON."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from lakewright.commands.sql_output import print_rows

if TYPE_CHECKING:
    from databricks_utils.quality import RuleTrend

_BARS = "▁▂▃▄▅▆▇█"
_NO_NUMBER = "·"


def print_trends(found: "Sequence[RuleTrend]") -> None:
    """Print a row for each rule, and how many are unusual."""
    rows = [_row(item) for item in found]
    print_rows(list(rows[0]), rows, "table")
    unusual = sum(item.is_unusual for item in found)
    click.echo(f"\nunusual: {unusual} of {len(found)}")
    first = found[0]
    click.echo(f"the runs of one rule: lakewright quality trend {_short(first.table)} --rule {first.rule}")


def print_runs(item: "RuleTrend") -> None:
    """Print a rule's newest numbers in words, then each of its runs, the newest first."""
    click.echo(f"{item.table} {item.rule}: {_newest(item)}, {item.outcome}")
    if item.limit is not None:
        click.echo(f"  allowed: {item.limit}")
    click.echo(f"  usual: {_usual(item) or 'unknown with fewer than five earlier runs'}")
    click.echo(f"  the newest run is {_state(item)}\n" if _usual(item) else "")
    rows: list[dict[str, object]] = [
        {
            "measured at (UTC)": f"{point.measured_at:%Y-%m-%d %H:%M:%S}",
            "run": point.run_id,
            "rate" if _is_share(item) else "value": _number(item, point.number),
        }
        for point in reversed(item.trend.points)
    ]
    print_rows(list(rows[0]), rows, "table")


def trend_as_json(item: "RuleTrend") -> dict[str, Any]:
    """Return a trend as data for JSON; numbers that are not finite are null."""
    columns = ("table", "rule", "kind", "severity", "checked", "failed", "rate", "value", "limit", "outcome")
    numbers = {name: getattr(item, name) for name in columns}
    return {
        **{name: None if _is_infinite(value) else value for name, value in numbers.items()},
        "is_current": item.is_current,
        "is_unusual": item.is_unusual,
        "usual": list(item.trend.usual) if item.trend.usual else None,
        "runs": [
            {"run_id": point.run_id, "measured_at": point.measured_at.isoformat(), "number": point.number}
            for point in item.trend.points
        ],
    }


def bars(numbers: Sequence[float | None], *, is_share: bool) -> str:
    """Return a bar for each number, a dot for none; shares begin at 0, values at the smallest of them.

    >>> bars([0, 0.01, None, 0.08], is_share=True)
    '▁▂·█'
    """
    known = [number for number in numbers if number is not None]
    low = min([0.0, *known] if is_share else known, default=0.0)
    width = max(known, default=0.0) - low
    steps = len(_BARS) - 1
    return "".join(
        _NO_NUMBER if number is None else _BARS[math.ceil((number - low) / width * steps) if width else 0]
        for number in numbers
    )


def _row(item: "RuleTrend") -> dict[str, object]:
    return {
        "table": _short(item.table),
        "rule": item.rule,
        "newest run": _newest(item),
        "usual": _usual(item) or "-",
        "state": _state(item),
        "outcome": item.outcome,
        "runs": bars([point.number for point in item.trend.points], is_share=_is_share(item)),
    }


def _newest(item: "RuleTrend") -> str:
    if item.checked is None:
        return _number(item, item.value)
    return f"{item.failed:,} of {item.checked:,} failed, {_number(item, item.rate)}"


def _usual(item: "RuleTrend") -> str:
    """Return the usual range in words, empty if there is none; a share is from 0 to 100 percent."""
    if item.trend.usual is None:
        return ""
    low, high = item.trend.usual
    if _is_share(item):
        low, high = max(low, 0.0), min(high, 1.0)
    return f"{_number(item, low)} to {_number(item, high)}"


def _state(item: "RuleTrend") -> str:
    if not item.is_current:
        return "not current"
    if item.trend.usual is None:
        return "too few runs"
    return "unusual" if item.is_unusual else "usual"


def _number(item: "RuleTrend", number: float | None) -> str:
    if number is None:
        return "no value"
    return f"{number * 100:.3g} %" if _is_share(item) else f"{number:.6g}"


def _is_share(item: "RuleTrend") -> bool:
    return item.rate is not None


def _is_infinite(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _short(table: str) -> str:
    """Return the schema and the table's name: a project has one catalog."""
    return table.partition(".")[2] or table
