"""The model of a run: its figures, and what the quality gate decided by which checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from lakewright.runner.shown.task_table import plain_table


def model_table(model: Mapping[str, Any]) -> Table:
    """The model that a run reported: name, metrics, the gate's verdict, its checks, the champion's metrics."""
    table = plain_table("model", "what", "value")
    aliases = ", ".join(model.get("aliases") or []) or "none"
    table.add_row("name", Text(f"{model.get('name')} version {model.get('version')} (aliases: {aliases})"))
    for name, value in (model.get("metrics") or {}).items():
        table.add_row(Text(str(name)), Text(_figure(value)))
    for what, value in _gate_rows(model.get("gate")):
        table.add_row(Text(what), value)
    return table


def gate_refusal(model: Mapping[str, Any] | None) -> str | None:
    """One line for a model that the gate refused: each failed check with its value and threshold, and the champion's figures.

    None if it was not refused.
    """
    gate = (model or {}).get("gate")
    if model is None or not gate or _verdict(gate) != "refused":
        return None
    failed = "; ".join(
        f"{check.get('name')} {check.get('detail') or _bound(check)}"
        for check in _checks(gate)
        if not check.get("passed")
    )
    champion, figures = _champion(gate), _figures_of_champion(gate)
    stays = f"; the champion is still {champion}" if champion else ""
    return (
        f"the gate refused {model.get('name')} version {model.get('version')}"
        + (f": {failed}" if failed else "")
        + stays
        + (f" ({figures})" if stays and figures else "")
    )


def _gate_rows(gate: Any) -> Iterator[tuple[str, Text]]:
    if not gate:
        return
    against = f" against {champion}" if (champion := _champion(gate)) else ""
    reasons = "; ".join(map(str, gate.get("reasons") or [])) if isinstance(gate, Mapping) else ""
    yield "gate", Text(f"{_verdict(gate)}{against}" + (f": {reasons}" if reasons else ""))
    for check in sorted(_checks(gate), key=lambda check: bool(check.get("passed"))):
        word, style = ("ok", "green") if check.get("passed") else ("NO", "bold red")
        text = Text.assemble((word, style), f" {check.get('name')}: {check.get('detail') or _bound(check)}")
        yield "", text
    if figures := _figures_of_champion(gate):
        yield "champion", Text(figures)


def _figures_of_champion(gate: Any) -> str:
    metrics = gate.get("champion_metrics") if isinstance(gate, Mapping) else None
    return ", ".join(f"{name} {_figure(value)}" for name, value in (metrics or {}).items())


def _verdict(gate: Any) -> str:
    if isinstance(gate, Mapping):
        return str(gate.get("verdict") or ("passed" if gate.get("passed") else "refused"))
    return str(gate)


def _checks(gate: Any) -> list[Mapping[str, Any]]:
    checks = gate.get("checks") if isinstance(gate, Mapping) else None
    return [check for check in checks or [] if isinstance(check, Mapping)]


def _champion(gate: Any) -> str | None:
    champion = gate.get("champion") if isinstance(gate, Mapping) else None
    return f"version {champion.get('version')}" if isinstance(champion, Mapping) else None


def _bound(check: Mapping[str, Any]) -> str:
    return f"{_figure(check.get('observed'))}, required {_figure(check.get('required'))}"


def _figure(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
