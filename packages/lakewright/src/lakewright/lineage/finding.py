"""Find the table or the column that a person names: by the last parts of its name, with backticks around parts that have dots."""

from __future__ import annotations

import re

from databricks_utils.nearest import choose_from
from lakewright.lineage.errors import AmbiguousNameError, UnknownDatasetError
from lakewright.lineage.graph import LineageGraph, Node
from lakewright.lineage.statements import Column, Dataset

_SHOWN = 4
_PART = re.compile(r"`((?:[^`]|``)*)`|([^.`]+)")


def find_node(graph: LineageGraph, name: str) -> Node:
    """Return the dataset or the column of a name.

    Args:
        graph: What is known.
        name: `gold.predictions`, `catalog.gold.predictions.score`, or a path; upper and lower case are equal.

    Raises:
        UnknownDatasetError: There is none of this name.
        AmbiguousNameError: There are several.
    """
    whole = _datasets(graph, name)
    if whole:
        return _only(whole, name)
    table, column = _split(name)
    holders = _datasets(graph, table) if table else []
    if not holders:
        raise UnknownDatasetError(f"no statement has read or written `{name}`", fix=_likely(graph, name))
    dataset = _only(holders, table)
    for known_column in graph.columns[dataset]:
        if known_column.lower() == column.lower():
            return Column(dataset, known_column)
    raise UnknownDatasetError(
        f"no statement has read or written a column `{column}` of {dataset.name}",
        fix=choose_from(column, graph.columns[dataset]),
    )


def _datasets(graph: LineageGraph, name: str) -> list[Dataset]:
    wanted = _plain(name).rstrip("/")
    known = {dataset: _plain(dataset.name) for dataset in graph.columns}
    exact = [dataset for dataset, plain in known.items() if plain == wanted]
    return exact or [
        dataset for dataset, plain in known.items() if plain.endswith((f".{wanted}", f"/{wanted}"))
    ]


def _plain(name: str) -> str:
    """In lower case and without backticks: a recorded name has them around parts with dots."""
    return (name if name.startswith("/") or "`" not in name else ".".join(_parts(name))).lower()


def _split(name: str) -> tuple[str, str]:
    """Split at the last dot outside of backticks."""
    if name.startswith("/"):
        table, _, column = name.rpartition(".")
        return table, column
    parts = [found.group(0) for found in _PART.finditer(name)]
    return ".".join(parts[:-1]), (_parts(parts[-1]) or [""])[0] if parts else ""


def _parts(name: str) -> list[str]:
    return [found[1].replace("``", "`") if found[2] is None else found[2] for found in _PART.finditer(name)]


def _only(found: list[Dataset], name: str) -> Dataset:
    if len(found) == 1:
        return found[0]
    raise AmbiguousNameError(
        f"{len(found)} tables are named `{name}`",
        fix="name one of them in full: " + ", ".join(sorted(dataset.name for dataset in found)),
    )


def _likely(graph: LineageGraph, name: str) -> str | None:
    """Return a fix with the tables of which one part of the name is the last, else with the nearest names."""
    parts = {part.lower() for part in _parts(name)}
    known = [dataset.name for dataset in graph.columns]
    same = sorted(found for found in known if found.rpartition(".")[2].lower() in parts)
    if same:
        return f"did you mean {' or '.join(f'`{found}`' for found in same[:_SHOWN])}?"
    return choose_from(name, known + _short(known))


def _short(names: list[str]) -> list[str]:
    """The names without their catalogs: people leave them out."""
    return [name.partition(".")[2] for name in names if name.count(".") > 1 and not name.startswith("/")]
