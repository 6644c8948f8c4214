"""All statements as one graph: which dataset is made of which, which column of which, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from lakewright.lineage.statements import ROWS, Column, Dataset, Statement

# They make their target anew: what it was made of before no longer counts.
_REPLACING = {
    "CREATE VIEW",
    "ALTER VIEW",
    "CREATE TABLE AS SELECT",
    "REPLACE TABLE AS SELECT",
    "CLONE",
}
Node = Dataset | Column


@dataclass(frozen=True)
class Edge:
    """One dataset or column takes part in another, over all runs.

    Attributes:
        source: What is read.
        target: What is written.
        how: The operations, such as `MERGE`; for columns the ways, such as `AGGREGATION`.
        jobs: The jobs and tasks that have done it, the newest last.
        last: The time of the newest run, ISO 8601.
        runs: Number of statements.
        is_direct: Whether values go over; False for what only decides.
        is_masked: Whether no value goes over but through a mask.
        views: The views through which the source is read; empty if a statement names it itself.
    """

    source: Node
    target: Node
    how: tuple[str, ...]
    jobs: tuple[str, ...]
    last: str
    runs: int = 1
    is_direct: bool = True
    is_masked: bool = False
    views: frozenset[Dataset] = frozenset()

    def and_then(self, later: Edge) -> Edge:
        """Return both as one."""
        return replace(
            self,
            how=tuple(dict.fromkeys((*self.how, *later.how))),
            jobs=tuple(dict.fromkeys((*(job for job in self.jobs if job not in later.jobs), *later.jobs))),
            last=max(self.last, later.last),
            runs=self.runs + later.runs,
            is_direct=self.is_direct or later.is_direct,
            is_masked=self.is_masked and later.is_masked,
            views=self.views and later.views,
        )


@dataclass(frozen=True)
class LineageGraph:
    """Datasets, columns and their edges.

    Attributes:
        columns: The known columns of each dataset, in the order in which they were seen.
        edges: By source and target, of datasets and of columns.
    """

    columns: dict[Dataset, dict[str, None]] = field(default_factory=dict)
    edges: dict[tuple[Node, Node], Edge] = field(default_factory=dict)

    def into(self, node: Node) -> list[Edge]:
        """Return what a node is made of."""
        return self._by_target.get(node, [])

    def out_of(self, node: Node) -> list[Edge]:
        """Return what is made of a node."""
        return self._by_source.get(node, [])

    @cached_property
    def _by_target(self) -> dict[Node, list[Edge]]:
        found: dict[Node, list[Edge]] = {}
        for edge in self.edges.values():
            found.setdefault(edge.target, []).append(edge)
        return found

    @cached_property
    def _by_source(self) -> dict[Node, list[Edge]]:
        found: dict[Node, list[Edge]] = {}
        for edge in self.edges.values():
            found.setdefault(edge.source, []).append(edge)
        return found


def build_graph(statements: Iterable[Statement]) -> LineageGraph:
    """Fold the statements into one graph.

    A view stands between a table and its readers: an edge past it stays only where the view's own statement is not known. What a
    table makes of itself is left out.

    Args:
        statements: In the order of time.
    """
    columns: dict[Dataset, dict[str, None]] = {}
    edges: dict[Dataset, dict[tuple[Node, Node], Edge]] = {}
    for statement in statements:
        _note_columns(columns, statement)
        if statement.output is None:
            continue
        if statement.operation in _REPLACING:
            edges[statement.output] = {}
        own = edges.setdefault(statement.output, {})
        for edge in _edges(statement):
            key = edge.source, edge.target
            own[key] = own[key].and_then(edge) if key in own else edge
    known = {target for target, own in edges.items() if own}
    kept = {key: edge for own in edges.values() for key, edge in own.items() if not (edge.views & known)}
    return LineageGraph(columns, kept)


def _note_columns(columns: dict[Dataset, dict[str, None]], statement: Statement) -> None:
    for dataset, names in statement.columns.items():
        columns.setdefault(dataset, {}).update(dict.fromkeys(names))
    for edge in statement.edges:
        for column in (edge.source, edge.target):
            if column.name != ROWS:
                columns.setdefault(column.dataset, {})[column.name] = None


def _edges(statement: Statement) -> Iterable[Edge]:
    views = frozenset(item for item, direct in statement.inputs.items() if direct and item.kind == "VIEW")
    jobs = (statement.job,) if statement.job else ()

    def between(dataset: Dataset) -> frozenset[Dataset]:
        return frozenset() if statement.inputs.get(dataset, True) else views

    for dataset in statement.inputs:
        if statement.output is not None and dataset != statement.output:
            how = (statement.operation,)
            yield Edge(dataset, statement.output, how, jobs, statement.at, views=between(dataset))
    for item in statement.edges:
        if item.source != item.target:
            yield Edge(
                item.source,
                item.target,
                item.ways,
                jobs,
                statement.at,
                is_direct=item.is_direct,
                is_masked=item.is_masked,
                views=between(item.source.dataset),
            )
